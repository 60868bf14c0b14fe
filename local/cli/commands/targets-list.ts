/** `spot targets list`: what stands where, what it costs, and why it is left there or moved. */
import { Option } from "commander";
import { grouped, hourlyUsd, riskPercent, usd } from "../../terminal/figures.ts";
import type { AddCommands, Handler } from "../context.ts";
import { labelsOf, readFleet, type FleetRow, type FleetShown } from "../fleet.ts";
import { withExamples } from "../leaf.ts";
import { nounOf } from "../noun.ts";
import type { Column } from "../output/layout.ts";
import { wholeNumber } from "../paging.ts";
import { shadowMark, standingNames, standingText, standingTone, urgencyOf } from "../standings.ts";

const verdictWords: Readonly<Record<string, string>> = {
  SWITCH: "Switch",
  STAY: "Stay",
  REFUSE: "Refuse",
  FALLBACK_ON_DEMAND: "Fall back",
  WOULD_SWITCH: "Would switch",
};

const poolText = ({ pools, instance_type: type, zone_id: zone }: FleetRow): string =>
  pools !== null && pools > 1
    ? `${String(pools)} pools`
    : [type, zone].filter((part) => part !== null).join(" ");

const savesText = ({ saves_monthly_usd: saves, saves_basis: basis }: FleetRow): string =>
  saves === null ? "" : `${basis === "SHADOW" ? `${shadowMark} ` : ""}${usd(saves)}`;

const columnsFor = (labelOf: (row: FleetRow) => string): readonly Column<FleetRow>[] => [
  { heading: "TARGET", cell: labelOf },
  {
    heading: "STANDING",
    cell: ({ standing, moving }) => standingText(standing, moving),
    tone: ({ standing }) => standingTone(standing),
  },
  { heading: "POOL", cell: poolText, cut: 2 },
  { heading: "RISK", cell: ({ risk }) => riskPercent(risk ?? undefined), align: "right" },
  {
    heading: "PAYS/H",
    cell: ({ pays_hourly_usd: pays }) => hourlyUsd(pays ?? undefined),
    align: "right",
  },
  { heading: "SAVES/MONTH", cell: savesText, align: "right" },
  {
    heading: "VERDICT",
    cell: ({ verdict }) => (verdict === null ? "" : (verdictWords[verdict] ?? verdict)),
  },
  { heading: "REASON", cell: ({ reason, sentence }) => sentence ?? reason ?? "", cut: 1 },
];

type Order = (one: FleetRow, other: FleetRow) => number;

/** Greatest first, and none last. */
const falling =
  (figureOf: (row: FleetRow) => number | null): Order =>
  (one, other) =>
    (figureOf(other) ?? -Infinity) - (figureOf(one) ?? -Infinity) || 0;

const rising =
  (textOf: (row: FleetRow) => string): Order =>
  (one, other) =>
    textOf(one) < textOf(other) ? -1 : textOf(one) > textOf(other) ? 1 : 0;

const bySaving = falling(({ saves_monthly_usd: saves }) => saves);
const byUrgency: Order = (one, other) => urgencyOf(one.standing) - urgencyOf(other.standing);

const orders = {
  saves: bySaving,
  risk: falling(({ risk }) => risk),
  pays: falling(({ pays_hourly_usd: pays }) => pays),
  name: rising(({ name }) => name),
  reason: rising(({ verdict, reason }) => `${verdict ?? "~"} ${reason ?? ""}`),
} as const satisfies Record<string, Order>;

const sorted = (
  rows: readonly FleetRow[],
  by: keyof typeof orders | undefined,
): readonly FleetRow[] => {
  const [first, second]: readonly [Order, Order] =
    by === undefined ? [byUrgency, bySaving] : [orders[by], bySaving];
  const byId = rising(({ target_id: id }) => id);
  return rows.toSorted((one, other) => first(one, other) || second(one, other) || byId(one, other));
};

interface Wanted {
  readonly account?: string;
  readonly standing?: string;
  readonly verdict?: string;
}

interface ListOptions extends Wanted {
  readonly sort?: keyof typeof orders;
  readonly limit?: number;
}

const isWanted =
  ({ account, standing, verdict }: Wanted) =>
  (row: FleetRow): boolean =>
    (account === undefined || row.account_id === account) &&
    (standing === undefined || row.standing === standing) &&
    (verdict === undefined || row.verdict === verdict);

type Attention = FleetShown["attention"][number];

/** Which of the ways there are comes first is the API's to say. */
const nextOf = ({
  actions: [action],
  evaluation_id: evaluation,
  target_id: id,
}: Attention): string => {
  if (action === "EVALUATE") return ` Next: spot evaluate ${id} --watch`;
  if (action === "APPROVE") return " Next: spot approvals list";
  return evaluation === undefined ? "" : ` Next: spot show ${evaluation}`;
};

const shownAttention = 3;

/** What waits for a person, below the table. */
const attentionLines = (attention: readonly Attention[]): readonly string[] => [
  ...attention
    .slice(0, shownAttention)
    .map(
      (one) => `${standingText(one.standing, null)}  ${one.name}: ${one.sentence}${nextOf(one)}`,
    ),
  ...(attention.length > shownAttention
    ? [`and ${String(attention.length - shownAttention)} more that need you.`]
    : []),
];

const footer = (
  shown: readonly FleetRow[],
  total: number,
  labelOf: (row: FleetRow) => string,
): string => {
  const [first] = shown;
  const isShadow = shown.some(({ saves_basis: basis }) => basis === "SHADOW");
  return [
    `${grouped(shown.length)} of ${grouped(total)}.`,
    isShadow ? `${shadowMark} shadow.` : "",
    first === undefined ? "" : `Next: spot targets show ${labelOf(first)}`,
  ]
    .filter((part) => part !== "")
    .join(" ");
};

const list: Handler<ListOptions> = async (context, { options }) => {
  const { print } = context;
  const { rows, totals, attention } = await readFleet(context);
  const wanted = sorted(rows.filter(isWanted(options)), options.sort);
  const shown = wanted.slice(0, options.limit);
  const labelOf = labelsOf(rows);
  print.list({ items: shown }, columnsFor(labelOf), {
    empty:
      rows.length === 0
        ? "No targets. Next: spot preflight ACCOUNT, then spot targets add"
        : "None of the targets fits. Next: spot targets list",
    footer: footer(shown, rows.length, labelOf),
    beside: { totals, attention },
  });
  const ids = new Set(wanted.map(({ target_id: id }) => id));
  print.note(...attentionLines(attention.filter(({ target_id: id }) => ids.has(id))));
  return "DONE";
};

export const addTargetsList: AddCommands = (program, run) => {
  withExamples(
    nounOf(program, "targets").command("list"),
    "spot targets list --sort saves --limit 3",
    "spot targets list --verdict REFUSE --json",
  )
    .description("list them: what needs you first, then what saves most")
    .option("--account <id>", "of this account only")
    .addOption(new Option("--standing <standing>", "that stand so only").choices(standingNames))
    .addOption(
      new Option("--verdict <verdict>", "of this verdict only").choices(Object.keys(verdictWords)),
    )
    .addOption(new Option("--sort <by>", "by another column").choices(Object.keys(orders)))
    .option("--limit <n>", "show so many at most", wholeNumber(1, 100_000))
    .action(run(list));
};
