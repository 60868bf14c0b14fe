/** Every pool that was looked at: those that may be used with their figures, the others by why not. */
import type { JSX } from "preact";
import { count, hourlyUsd, none, percent, words } from "../format.ts";
import { Empty } from "../ui/screen.tsx";
import { Table, type TableColumn } from "../ui/table.tsx";
import {
  accepted,
  offerOf,
  poolKey,
  rejectedByReason,
  type Candidate,
  type Rejected,
} from "./pools.ts";
import type { EvaluationRecord } from "./story.ts";

const savesOf = ({ savings_percent: saves }: Candidate): number | undefined =>
  saves === undefined ? undefined : saves / 100;

const remarkOn = (row: Candidate, { swaps, verdict }: EvaluationRecord): string => {
  const taken = swaps.flatMap(({ replacement }) => replacement?.pool ?? []);
  const offer = offerOf(row, verdict?.offers);
  const isTaken = offerOf(row, taken) !== undefined;
  if (offer === undefined) return isTaken ? "Taken" : "Acceptable";
  return `Offer ${String(offer)}${isTaken ? ", taken" : ""}`;
};

const figures: readonly TableColumn<Candidate>[] = [
  {
    id: "pool",
    heading: "Pool",
    cell: ({ pool, purchase }) => (
      <>
        <b>{pool.instance_type}</b> <span class="muted">{pool.zone_id}</span>
        {purchase !== undefined && " On-Demand"}
      </>
    ),
    sortKey: poolKey,
  },
  {
    id: "spot",
    heading: "Spot $/h",
    align: "right",
    cell: ({ spot_hourly_usd: usd }) => hourlyUsd(usd),
    sortKey: ({ spot_hourly_usd: usd }) => usd,
  },
  {
    id: "od",
    heading: "On-Demand $/h",
    align: "right",
    cell: ({ on_demand_hourly_usd: usd }) => hourlyUsd(usd),
    sortKey: ({ on_demand_hourly_usd: usd }) => usd,
  },
  {
    id: "band",
    heading: "Band",
    align: "right",
    cell: ({ band_label: label }) => label ?? none,
    sortKey: ({ band }) => band,
  },
  {
    id: "risk",
    heading: "Risk",
    align: "right",
    cell: ({ risk }) => percent(risk?.probability),
    sortKey: ({ risk }) => risk?.probability,
  },
  {
    id: "expected",
    heading: "Expected $/h",
    align: "right",
    cell: ({ expected_hourly_usd: usd }) => hourlyUsd(usd),
    sortKey: ({ expected_hourly_usd: usd }) => usd,
  },
  {
    id: "saves",
    heading: "Saves",
    align: "right",
    cell: (row) => percent(savesOf(row)),
    sortKey: savesOf,
    firstDirection: "descending",
  },
];

const columnsFor = (record: EvaluationRecord): readonly TableColumn<Candidate>[] => [
  ...figures,
  { id: "remark", heading: "Remark", cell: (row) => remarkOn(row, record) },
];

const Reason = ({ reason }: { readonly reason: Rejected }): JSX.Element => (
  <details class="reason">
    <summary>
      <b class="right">{count(reason.count)}</b> {words(reason.code)}
      <span class="muted cut">{reason.example}</span>
    </summary>
    <ul>
      {reason.pools.map((row) => (
        <li key={poolKey(row)}>
          <b>{row.pool.instance_type}</b> <span class="muted">{row.pool.zone_id}</span>{" "}
          {row.rejection?.sentence}
        </li>
      ))}
    </ul>
  </details>
);

export const Candidates = ({ record }: { readonly record: EvaluationRecord }): JSX.Element => {
  const { candidates } = record;
  const usable = accepted(candidates);
  const reasons = rejectedByReason(candidates);
  const rejected = candidates.length - usable.length;
  return (
    <section class="card" aria-labelledby="candidates">
      <div class="card-head">
        <h2 id="candidates">Candidates</h2>
        <span class="muted">
          {count(candidates.length)} looked at, {count(usable.length)} acceptable, {count(rejected)}{" "}
          rejected
        </span>
      </div>
      {candidates.length === 0 && <Empty>No pool was looked at.</Empty>}
      {usable.length > 0 && (
        <Table
          label="Pools that may be used"
          rows={usable}
          columns={columnsFor(record)}
          keyOf={poolKey}
          sortParameter="pools"
        />
      )}
      {reasons.length > 0 && <h3 class="part">Rejected, by reason</h3>}
      {reasons.map((reason) => (
        <Reason key={reason.code} reason={reason} />
      ))}
    </section>
  );
};
