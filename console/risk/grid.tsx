/** Risk of each pool, zone by type: darker is likelier to be lost, with the figure; a cross is in quarantine. */
import type { JSX } from "preact";
import { count } from "../format.ts";
import { cellTitle, gridOf, riskOf, riskText, type GridRow, type RiskPool } from "./pools.ts";

/** From here on a cell is as dark as it gets. */
const darkestRisk = 0.2;
/** Of the colour, so that the figure stays readable. Per cent. */
const darkestShare = 28;

const shade = (pool: RiskPool): string => {
  const share = Math.min(1, (riskOf(pool) ?? 0) / darkestRisk) * darkestShare;
  return `color-mix(in srgb, var(--bad) ${share.toFixed(0)}%, var(--surface))`;
};

const Cell = ({ pools }: { readonly pools: readonly RiskPool[] }): JSX.Element => {
  const [worst] = pools.toSorted((one, other) => (riskOf(other) ?? -1) - (riskOf(one) ?? -1));
  if (worst === undefined) return <td class="pool" />;
  return (
    <td class="pool" style={{ background: shade(worst) }} title={pools.map(cellTitle).join("\n")}>
      {pools.some(({ quarantine }) => quarantine !== undefined) && (
        <b role="img" aria-label="In quarantine">
          ×{" "}
        </b>
      )}
      {riskText(worst)}
    </td>
  );
};

const Row = ({ row, zones }: { row: GridRow; zones: readonly string[] }): JSX.Element => (
  <tr class={row.isFirst ? "family" : undefined}>
    <th scope="row">{row.type}</th>
    {zones.map((zone) => (
      <Cell key={zone} pools={row.pools.get(zone) ?? []} />
    ))}
  </tr>
);

/** A page of a hundred thousand cells is of no use to anybody. */
const mostRows = 60;

export const RiskGrid = ({ pools }: { readonly pools: readonly RiskPool[] }): JSX.Element => {
  const { zones, rows } = gridOf(pools);
  return (
    <>
      <div
        class="table-wrap"
        tabIndex={0}
        role="region"
        aria-label="Risk of pools by zone and type"
      >
        <table class="risk-grid">
          <thead>
            <tr>
              <th scope="col">Type</th>
              {zones.map((zone) => (
                <th key={zone} scope="col" class="right">
                  {zone}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, mostRows).map((row) => (
              <Row key={row.type} row={row} zones={zones} />
            ))}
          </tbody>
        </table>
      </div>
      <div class="foot">
        <span>
          {count(Math.min(mostRows, rows.length))} of {count(rows.length)} types
          {rows.length > mostRows && ": filter by zone, family or type to see the others"}
        </span>
        <span>Darker: likelier to be lost. × in quarantine. – not known.</span>
      </div>
    </>
  );
};
