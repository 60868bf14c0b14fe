/** The month, in tables. */
import { duration, usd } from "../../terminal/figures.ts";
import type { Paint } from "../../terminal/paint.ts";
import { figureColumn, table } from "../../terminal/table.ts";
import { pageWidth, wrap } from "../../terminal/wrap.ts";
import type { MonthEnding, MonthReport } from "./month-story.ts";
import { shadowLines } from "./shadow-lines.ts";
import { termRows } from "./term-rows.ts";

const indent = "  ";

const text = (...paragraphs: readonly string[]): readonly string[] =>
  paragraphs.flatMap((paragraph) => [...wrap(paragraph, pageWidth), ""]);

const netOf = ({ savings }: MonthEnding): string => {
  const { low, high, is_range: isRange } = savings.total.net_usd;
  return isRange ? `${usd(low)} to ${usd(high)}` : usd(low);
};

const happenedIn = ({ happened }: MonthEnding): string =>
  Object.entries(happened)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([what, count]) => `${String(count)} ${what}`)
    .join(", ");

const ledgerLines = (ending: MonthEnding, paint: Paint): readonly string[] => {
  const { total, items } = ending.savings;
  return [
    "",
    ...wrap(`What happened: ${happenedIn(ending)}.`, pageWidth),
    "",
    paint("strong", "1. From gross to net: GET /savings"),
    "",
    ...table(
      termRows(ending),
      [
        { heading: "Term", cell: ({ name }) => name },
        figureColumn("USD", (row) => usd(row.usd)),
        { heading: "Source", cell: ({ source }) => source },
      ],
      indent,
    ),
    "",
    ...text(
      `Gross ${usd(total.gross_usd)}, net ${netOf(ending)}, of ${String(items.length)} targets; ${duration(total.downtime_seconds)} of downtime, which is not netted. ` +
        "Unknown is what has no price here, such as bytes between zones.",
    ),
  ];
};

const shadowPart = (ending: MonthEnding, paint: Paint): readonly string[] => [
  paint("strong", "2. What shadow mode would have saved: GET /savings?shadow=true"),
  "",
  ...shadowLines(ending),
  "",
  ...text(
    "Each verdict on the third is scored once its horizon is over: by the prices that came, and by the losses of its pool where an instance of a PROD account ran in it. Proven is where one was launched in the very pool within the hour.",
  ),
];

const noticeLines = ({ notices, taken }: MonthEnding, paint: Paint): readonly string[] => [
  paint("strong", "3. What its owner was told: GET /notices"),
  "",
  ...table(
    notices,
    [
      { heading: "Kind", cell: ({ kind }) => kind },
      figureColumn("Times", ({ times }) => String(times)),
      { heading: "Reason", cell: ({ error }) => error },
    ],
    indent,
  ),
  "",
  ...text(
    `One cause is one notice, however often it is met. His topic has taken ${String(taken)} messages: it was gone for the first half of the month.`,
  ),
];

const alarmLines = ({ alarm }: MonthEnding, paint: Paint): readonly string[] => [
  paint("strong", "4. An alarm, and its entry in the runbook"),
  "",
  ...text(`${alarm.id}: ${alarm.description}`, `${alarm.entry.title}. ${alarm.entry.text}`),
];

export const monthLines = (
  { ending, error, expectations }: MonthReport,
  paint: Paint,
): readonly string[] => [
  ...(ending === undefined
    ? []
    : [
        ...ledgerLines(ending, paint),
        ...shadowPart(ending, paint),
        ...noticeLines(ending, paint),
        ...alarmLines(ending, paint),
      ]),
  ...(error === undefined ? [] : ["", paint("bad", error)]),
  ...expectations.map(({ rule, held, found }) =>
    held ? paint("good", `  ok   ${rule} (${found})`) : paint("bad", `  NOT  ${rule} (${found})`),
  ),
];
