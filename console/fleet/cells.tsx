/** What stands in each cell of the fleet's table, and in its cards on a small screen. */
import type { JSX } from "preact";
import { hourlyUsd, monthlyUsd, none, percent, shortId, words } from "../format.ts";
import { Icon } from "../ui/icons.tsx";
import { Status } from "../ui/status.tsx";
import { Age } from "../ui/time.tsx";
import { fleetVerdict, standingMark } from "./marks.ts";
import type { SortColumn } from "./order.ts";
import type { FleetRow } from "./rows.ts";

const kinds: Readonly<Record<FleetRow["mode"], string | undefined>> = {
  LINEAR: undefined,
  CLUSTER: "Group",
  KUBERNETES: "Nodes",
};

export const nameOf = (row: FleetRow): string => (row.name === "" ? row.instance_id : row.name);

const Kind = ({ row }: { readonly row: FleetRow }): JSX.Element | null => {
  const { mode, members, instance_id: id } = row;
  const kind = kinds[mode];
  if (kind !== undefined) {
    return <span class="second">{members === null ? kind : `${kind} · ${String(members)}`}</span>;
  }
  if (nameOf(row) === id) return null;
  return (
    <span class="second mono" title={id}>
      {shortId(id)}
    </span>
  );
};

const Target = ({ row }: { readonly row: FleetRow }): JSX.Element => (
  <>
    <a class="name" href={`/targets/${row.target_id}`} title={nameOf(row)} tabIndex={-1}>
      {nameOf(row)}
    </a>
    <Kind row={row} />
  </>
);

export const Pool = ({ row }: { readonly row: FleetRow }): JSX.Element => {
  const { instance_type: type, zone_id: zone, pools } = row;
  if (type === null) return <>{pools === null ? none : `${String(pools)} pools`}</>;
  return (
    <>
      {type}
      {zone !== null && <span class="second">{zone}</span>}
    </>
  );
};

const highShare = 0.5;

/** A bar to the target's own limit. */
const Risk = ({ row }: { readonly row: FleetRow }): JSX.Element => {
  const { risk, max_risk: limit } = row;
  if (risk === null) return <>{none}</>;
  const share = limit === 0 ? 1 : Math.min(1, risk / limit);
  const title = `${percent(risk)} of ${percent(limit)} that its policy allows`;
  return (
    <span class="of-limit" title={title}>
      {percent(risk)}
      <meter
        class={share > highShare ? "high" : undefined}
        value={share}
        aria-label="Of its limit"
      />
    </span>
  );
};

const Pays = ({ row }: { readonly row: FleetRow }): JSX.Element => {
  const { pays_hourly_usd: pays, on_demand_hourly_usd: full } = row;
  const isLess = pays !== null && full !== null && pays < full;
  return (
    <>
      {hourlyUsd(pays)}
      <span class="second of">{isLess ? `of ${hourlyUsd(full)}` : ""}</span>
    </>
  );
};

const bases: Readonly<Record<NonNullable<FleetRow["saves_basis"]>, string>> = {
  ESTIMATED: "Estimated at the prices of now",
  PLANNED: "Estimated, of the switch that is to come",
  SHADOW: "Estimated, if shadow mode ended",
};

export const Saves = ({ row }: { readonly row: FleetRow }): JSX.Element => {
  const { saves_monthly_usd: saves, saves_basis: basis } = row;
  if (saves === null || basis === null) return <>{none}</>;
  return (
    <span class={basis === "SHADOW" ? "shadow" : undefined} title={bases[basis]}>
      {basis === "SHADOW" && <Icon name="halfDisc" />} {monthlyUsd(saves)}
      {basis !== "ESTIMATED" && <span class="unseen">, {bases[basis].toLowerCase()}</span>}
    </span>
  );
};

/** Why it was judged so, in words. */
export const whyOf = ({ sentence, reason }: Pick<FleetRow, "reason" | "sentence">): string => {
  if (sentence !== null && sentence !== "") return sentence;
  return reason === null ? "The reason is not recorded." : words(reason);
};

const Verdict = ({ row }: { readonly row: FleetRow }): JSX.Element => {
  const mark = fleetVerdict(row);
  if (mark === undefined) return <>{none}</>;
  const sentence = whyOf(row);
  return (
    <>
      <span class="verdict-word">
        <Icon name={mark.icon} /> {mark.word}
      </span>
      <span title={sentence}>{sentence}</span>
    </>
  );
};

const Judged = ({
  row,
  judgedAt,
}: {
  readonly row: FleetRow;
  readonly judgedAt: string | undefined;
}): JSX.Element => {
  const at = row.judged_at ?? judgedAt;
  return at === undefined ? <>{none}</> : <Age since={at} />;
};

export interface FleetColumn {
  readonly id: SortColumn;
  readonly heading: string;
  readonly isRight?: true;
  /** @param judgedAt of the row's place */
  readonly cell: (row: FleetRow, judgedAt: string | undefined) => JSX.Element;
  /** What of the row it shows; where that changes the cell is marked. */
  readonly of: readonly (keyof FleetRow)[];
}

export const fleetColumns: readonly FleetColumn[] = [
  { id: "name", heading: "Target", of: ["name"], cell: (row) => <Target row={row} /> },
  {
    id: "standing",
    heading: "Standing",
    of: ["standing", "moving"],
    cell: (row) => <Status mark={standingMark(row)} />,
  },
  {
    id: "pool",
    heading: "Pool",
    of: ["instance_type", "zone_id", "pools"],
    cell: (row) => <Pool row={row} />,
  },
  {
    id: "risk",
    heading: "Risk",
    isRight: true,
    of: ["risk", "max_risk"],
    cell: (row) => <Risk row={row} />,
  },
  {
    id: "pays",
    heading: "Pays $/h",
    isRight: true,
    of: ["pays_hourly_usd"],
    cell: (row) => <Pays row={row} />,
  },
  {
    id: "saves",
    heading: "Saves $/month",
    isRight: true,
    of: ["saves_monthly_usd", "saves_basis"],
    cell: (row) => <Saves row={row} />,
  },
  {
    id: "verdict",
    heading: "Verdict and reason",
    of: ["verdict", "reason", "sentence"],
    cell: (row) => <Verdict row={row} />,
  },
  {
    id: "judged",
    heading: "Judged",
    isRight: true,
    of: [],
    cell: (row, judgedAt) => <Judged row={row} judgedAt={judgedAt} />,
  },
];

/** What each column shows of a row, as a text. */
export const partsOf = (row: FleetRow): Readonly<Record<string, string>> =>
  Object.fromEntries(
    fleetColumns.map(({ id, of }) => [id, of.map((name) => String(row[name])).join(" ")]),
  );
