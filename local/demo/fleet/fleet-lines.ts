/** The story of a fleet in tables. */
import { riskPercent, usd } from "../../terminal/figures.ts";
import type { Paint } from "../../terminal/paint.ts";
import { figureColumn, table } from "../../terminal/table.ts";
import { pageWidth, wrap } from "../../terminal/wrap.ts";
import { isPromising, type FleetEnding, type FleetReport, type Subject } from "./fleet-story.ts";

const indent = "  ";
const mostRows = 12;

const text = (...paragraphs: readonly string[]): readonly string[] =>
  paragraphs.flatMap((paragraph) => [...wrap(paragraph, pageWidth), ""]);

const totalLines = ({ preflight: { totals } }: FleetEnding): readonly string[] => [
  ...table(
    totals.by_mode,
    [
      { heading: "Mode", cell: ({ mode }) => mode },
      { heading: "Outcome", cell: ({ outcome }) => outcome },
      figureColumn("Subjects", ({ subjects }) => String(subjects)),
      figureColumn("USD/mo.", ({ monthly_usd: saved }) => usd(saved)),
    ],
    indent,
  ),
  "",
  ...table(
    totals.by_reason.slice(0, mostRows),
    [
      { heading: "Why", cell: ({ reason }) => reason },
      { heading: "Outcome", cell: ({ outcome }) => outcome },
      figureColumn("Subjects", ({ subjects }) => String(subjects)),
    ],
    indent,
  ),
  "",
  ...table(
    totals.missing,
    [
      { heading: "What is missing", cell: ({ kind, name }) => `${kind} ${name}` },
      figureColumn("Subjects", ({ subjects }) => String(subjects)),
      figureColumn("USD/mo. waiting", ({ monthly_usd: saved }) => usd(saved)),
    ],
    indent,
  ),
  "",
];

const bestFirst = (subjects: readonly Subject[]): readonly Subject[] =>
  subjects
    .filter(isPromising)
    .toSorted((one, other) => (other.monthly_usd ?? 0) - (one.monthly_usd ?? 0));

const subjectLines = ({ subjects }: FleetEnding): readonly string[] =>
  table(
    bestFirst(subjects).slice(0, mostRows),
    [
      { heading: "Subject", cell: ({ name }) => name },
      { heading: "Mode", cell: ({ mode }) => mode },
      { heading: "Outcome", cell: ({ outcome }) => outcome },
      {
        heading: "Best pool",
        cell: ({ offers: [best] }) => (best ? `${best.instance_type} ${best.zone_id}` : ""),
      },
      figureColumn("Risk", ({ offers: [best] }) => riskPercent(best?.risk)),
      figureColumn("USD/mo.", ({ monthly_usd: saved }) => usd(saved)),
      figureColumn("Missing", ({ missing }) => String(missing.length)),
    ],
    indent,
  );

const actedLines = ({ acted }: FleetEnding): readonly string[] =>
  table(
    acted,
    [
      { heading: "Acted on", cell: ({ name }) => name },
      { heading: "Status", cell: ({ status }) => status },
      figureColumn("USD/mo.", ({ monthlyUsd }) => usd(monthlyUsd)),
    ],
    indent,
  );

export const savedMonthly = ({ acted }: Pick<FleetEnding, "acted">): number =>
  acted.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);

const endingLines = (ending: FleetEnding, paint: Paint): readonly string[] => {
  return [
    "",
    paint("strong", "1. Preflight: POST /preflight"),
    "",
    ...text(
      `${String(ending.subjects.length)} subjects, by ${String(ending.preflightCalls)} calls in the account, none of which changed anything. Nothing is registered.`,
    ),
    ...totalLines(ending),
    ...subjectLines(ending),
    "",
    paint("strong", "2. Registration: POST /lab/instances/bulk"),
    "",
    ...text(
      `${String(ending.registered)} targets, all in shadow mode. Of ${String(ending.released.length)} their owner then consents to what was missing and ends shadow mode: ${ending.released.join(", ")}.`,
    ),
    paint("strong", `3. ${String(ending.sweeps)} sweeps, one every 15 minutes`),
    "",
    ...actedLines(ending),
    "",
    ...text(
      `Saved from now on: ${usd(savedMonthly(ending))} a month. On its first day an account has one switch at a time.`,
    ),
  ];
};

export const fleetLines = (report: FleetReport, paint: Paint): readonly string[] => [
  ...(report.ending === undefined ? [] : endingLines(report.ending, paint)),
  ...(report.error === undefined ? [] : ["", paint("bad", report.error)]),
  ...report.expectations.map(({ rule, held, found }) =>
    held ? paint("good", `  ok   ${rule} (${found})`) : paint("bad", `  NOT  ${rule} (${found})`),
  ),
];
