/** What came of it, for people and as JSON. Amounts in JSON are decimal strings: nothing is lost on the way. */
import { table, figureColumn } from "../terminal/table.ts";
import { usdText } from "./amount.ts";
import type { MonthOfKind, Pair } from "./compare.ts";
import type { Reconciliation } from "./reconcile.ts";

const timeOf = (atMs: number): string => new Date(atMs).toISOString().replace(".000Z", "Z");

const pairJson = ({ kind, what, hourMs, ledgerNano, billNano }: Pair) => ({
  kind,
  resource: what,
  hour: timeOf(hourMs),
  ledger_usd: usdText(ledgerNano),
  bill_usd: usdText(billNano),
});

const monthJson = (month: MonthOfKind) => ({
  kind: month.kind,
  month: month.month,
  hours: month.hours,
  ledger_usd: usdText(month.ledgerNano),
  bill_usd: usdText(month.billNano),
  tolerance_percent: Number(month.tolerance) / 10,
  is_within: month.isWithin,
});

export const reconciliationJson = (result: Reconciliation): string =>
  JSON.stringify(
    {
      agrees: result.agrees,
      status: result.status,
      window: { from: timeOf(result.window.fromMs), to: timeOf(result.window.toMs) },
      joined_by: result.byResource ? "resource" : "type",
      is_spot_alone: result.isSpotAlone,
      files: result.files.map(({ name, sha256, format, lines, unusedColumns }) => ({
        name,
        sha256,
        format,
        lines,
        unused_columns: unusedColumns,
      })),
      repeated_lines: result.repeatedLines,
      months: result.months.map(monthJson),
      hours_in_both: result.both.length,
      only_in_ledger: result.onlyOurs.map(pairJson),
      only_in_bill: result.onlyTheirs.map(pairJson),
      spot_hours_far_off: result.farOff.map(pairJson),
      unknown_to_ledger: result.unknown.map(pairJson),
      not_of_the_ledger: {
        resources: result.strangers.resources,
        bill_usd: usdText(result.strangers.billNano),
      },
      untested: result.untested.map(({ what, lines, nanoUsd }) => ({
        what,
        lines,
        usd: usdText(nanoUsd),
      })),
      unknown_line_types: result.unknownLineTypes.map(({ lineType, lines }) => ({
        line_type: lineType,
        lines,
      })),
    },
    undefined,
    2,
  );

/** Of a longer list the rest is counted. */
const shownLines = 20;

const listOf = (heading: string, pairs: readonly Pair[]): readonly string[] => {
  if (pairs.length === 0) return [];
  const rest = pairs.length - shownLines;
  return [
    "",
    `${heading} (${String(pairs.length)}):`,
    ...table(
      pairs.slice(0, shownLines),
      [
        { heading: "hour", cell: ({ hourMs }) => timeOf(hourMs) },
        { heading: "kind", cell: ({ kind }) => kind },
        { heading: "resource", cell: ({ what }) => what },
        figureColumn("ledger", ({ ledgerNano }) => usdText(ledgerNano)),
        figureColumn("bill", ({ billNano }) => usdText(billNano)),
      ],
      "  ",
    ),
    ...(rest > 0 ? [`  and ${String(rest)} more: --json has them all`] : []),
  ];
};

const sharePercent = ({ ledgerNano, billNano }: MonthOfKind): string =>
  billNano === 0n
    ? ""
    : `${(Number(((ledgerNano - billNano) * 1_000_000n) / billNano) / 10_000).toFixed(3)} %`;

const monthLines = (months: readonly MonthOfKind[]): readonly string[] =>
  table(
    months,
    [
      { heading: "month", cell: ({ month }) => month },
      { heading: "kind", cell: ({ kind }) => kind },
      figureColumn("hours", ({ hours }) => String(hours)),
      figureColumn("ledger USD", ({ ledgerNano }) => usdText(ledgerNano)),
      figureColumn("bill USD", ({ billNano }) => usdText(billNano)),
      figureColumn("difference", sharePercent),
      figureColumn("may be", ({ tolerance }) => `${String(Number(tolerance) / 10)} %`),
      { heading: "", cell: ({ isWithin }) => (isWithin ? "within" : "TOO MUCH") },
    ],
    "  ",
  );

const besideLines = (result: Reconciliation): readonly string[] => {
  const { untested, unknownLineTypes, strangers } = result;
  return [
    ...(untested.length === 0
      ? []
      : [
          "",
          "Not tested:",
          ...table(
            untested,
            [
              { heading: "what", cell: ({ what }) => what },
              figureColumn("lines", ({ lines }) => String(lines)),
              figureColumn("USD", ({ nanoUsd }) => usdText(nanoUsd)),
            ],
            "  ",
          ),
        ]),
    ...unknownLineTypes.map(
      ({ lineType, lines }) =>
        `Unknown type of line, in no sum: ${lineType} (${String(lines)} lines).`,
    ),
    ...(strangers.resources === 0
      ? []
      : [
          `The bill has ${String(strangers.resources)} resources that the ledger never had: USD ${usdText(strangers.billNano)}.`,
        ]),
  ];
};

const fileLines = ({
  files,
  repeatedLines,
  byResource,
  isSpotAlone,
}: Reconciliation): readonly string[] => [
  ...files.flatMap(({ name, format, lines, sha256, unusedColumns }) => [
    `${name}: ${format}, ${String(lines)} lines, sha256 ${sha256}`,
    ...(unusedColumns.length === 0
      ? []
      : [`  ${String(unusedColumns.length)} columns are not used: --json names them.`]),
  ]),
  ...(repeatedLines === 0
    ? []
    : [`${String(repeatedLines)} lines were there twice, and count once.`]),
  ...(isSpotAlone ? ["The data feed tells of Spot alone: nothing else is compared."] : []),
  ...(byResource
    ? []
    : [
        "The bill has no ids of resources: instances alone are compared, by account and type, together with those that the ledger never had.",
      ]),
];

export const reconciliationLines = (result: Reconciliation): readonly string[] => [
  ...fileLines(result),
  "",
  `From ${timeOf(result.window.fromMs)} to ${timeOf(result.window.toMs)}, ${result.status}${result.status === "provisional" ? ": AWS may still change it" : ""}.`,
  "",
  ...monthLines(result.months),
  ...listOf("Only in the ledger", result.onlyOurs),
  ...listOf("Only in the bill", result.onlyTheirs),
  ...listOf("Spot hours that differ by more than $0.001 and 2 %", result.farOff),
  ...listOf("Unknown to the ledger, and not compared", result.unknown),
  ...besideLines(result),
  "",
  result.agrees ? "Ledger and bill agree." : "Ledger and bill do not agree.",
];
