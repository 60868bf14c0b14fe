/** What the fleet comes to; each figure leads to the rows that it is the sum of. */
import type { JSX } from "preact";
import type { Schemas } from "../api/types.ts";
import { savings } from "../api/shared.ts";
import { count, headlineUsd } from "../format.ts";
import { useReading } from "../ui/screen.tsx";
import { Interruptions } from "./interruptions.tsx";
import type { Standing } from "./rows.ts";

type Totals = Schemas["FleetTotals"];

interface Part {
  readonly name: string;
  readonly class: string;
  readonly of: readonly Standing[];
}

const parts: readonly Part[] = [
  { name: "Spot", class: "part-spot", of: ["ON_SPOT", "SWITCHED", "PARTLY_SWITCHED"] },
  { name: "On-Demand", class: "part-on-demand", of: ["ON_DEMAND", "SHADOW", "ROLLED_BACK"] },
  { name: "Fallback", class: "part-fallback", of: ["FALLBACK"] },
  { name: "Acting", class: "part-acting", of: ["SWITCHING", "MOVING"] },
  {
    name: "Needs a look",
    class: "part-bad",
    of: ["NEEDS_OPERATOR", "DEGRADED", "INTERRUPTED", "AWAITING_APPROVAL"],
  },
  { name: "Not shown", class: "part-none", of: ["QUEUED", "STAYED", "REFUSED"] },
];

/** The rows that a figure is the sum of. */
const rowsOf = (filter: string): string => `/?filter=${encodeURIComponent(filter)}`;

const StandingBar = ({ totals: { standings } }: { readonly totals: Totals }): JSX.Element => {
  const counted = parts
    .map((part) => ({
      ...part,
      count: part.of.reduce((sum, standing) => sum + (standings[standing] ?? 0), 0),
    }))
    .filter((part) => part.count > 0);
  return (
    <>
      <div class="split" aria-hidden="true">
        {counted.map((part) => (
          <i key={part.name} class={part.class} style={{ flexGrow: part.count }} />
        ))}
      </div>
      <div class="legend">
        {counted.map((part) => (
          <a key={part.name} href={rowsOf(`standing=${part.of.join(",")}`)}>
            <i class={part.class} aria-hidden="true" />
            {part.name} {count(part.count)}
          </a>
        ))}
      </div>
    </>
  );
};

/** As low as it may be: a part of it may not be known. */
const NetSaved = (): JSX.Element => {
  const { value } = useReading(savings);
  const net = value?.total.net_usd;
  return (
    <div>
      <dt>Net saved this month, realised</dt>
      <dd>
        <a href="/savings">
          {headlineUsd(net?.low)}{" "}
          <small>
            {net?.is_range === true
              ? `to ${headlineUsd(net.high)}`
              : value !== undefined && `gross ${headlineUsd(value.total.gross_usd)}`}
          </small>
        </a>
      </dd>
    </div>
  );
};

interface FiguresProps {
  readonly totals: Totals;
  /** In which there are targets. */
  readonly regions: readonly string[];
}

export const Figures = ({ totals, regions }: FiguresProps): JSX.Element => (
  <dl class="card figures">
    <NetSaved />
    <div>
      <dt>Saves where it stands, estimated</dt>
      <dd>
        <a href={rowsOf("basis=ESTIMATED")}>
          {headlineUsd(totals.saves_monthly_usd.ESTIMATED)} <small>a month</small>
        </a>
      </dd>
    </div>
    <div>
      <dt>Shadow targets would add</dt>
      <dd class="shadow">
        <a href={rowsOf("basis=SHADOW")}>
          {headlineUsd(totals.saves_monthly_usd.SHADOW)} <small>a month, estimated</small>
        </a>
      </dd>
    </div>
    <Interruptions regions={regions} />
    <div class="wide">
      <dt>Standing now</dt>
      <dd class="small">
        <StandingBar totals={totals} />
      </dd>
    </div>
  </dl>
);
