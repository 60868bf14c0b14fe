/** The stories of waste and of what nobody owns, in tables. */
import { usd } from "../../terminal/figures.ts";
import type { Paint } from "../../terminal/paint.ts";
import { figureColumn, table } from "../../terminal/table.ts";
import { pageWidth, wrap } from "../../terminal/wrap.ts";
import type { Expectation } from "../story.ts";
import type { EnforcerEnding, EnforcerReport } from "./enforcer-story.ts";
import type { WasteEnding, WasteReport } from "./waste-story.ts";

const indent = "  ";

const text = (...paragraphs: readonly string[]): readonly string[] =>
  paragraphs.flatMap((paragraph) => [...wrap(paragraph, pageWidth), ""]);

const findingLines = ({ findings, total }: WasteEnding, paint: Paint): readonly string[] => [
  "",
  paint("strong", "1. What costs money and is of no use: GET /waste"),
  "",
  ...table(
    findings,
    [
      { heading: "Kind", cell: ({ kind }) => kind },
      { heading: "Resource", cell: ({ resource_id: id }) => id },
      figureColumn("Days seen", ({ days }) => String(days)),
      figureColumn("USD/mo.", ({ monthly_usd: cost }) => usd(cost)),
      { heading: "Owner", cell: ({ owner = "" }) => owner },
    ],
    indent,
  ),
  "",
  ...text(
    `${String(total.findings)} findings, ${usd(total.monthly_usd)} a month. Not among them: the newest copy of a volume that is gone, and the volume of a cluster.`,
  ),
];

const consentLines = ({ said }: WasteEnding, paint: Paint): readonly string[] => [
  paint("strong", "2. Persons agree, each to the hash of what he saw: POST /waste/{id}/approve"),
  "",
  ...text(
    "Eve has turned the scanner on. After Ada has read the first finding, Eve has the snapshots kept longer: what would be done is something else.",
  ),
  ...table(
    said,
    [
      { heading: "Who", cell: ({ who }) => who },
      { heading: "Resource", cell: ({ about }) => about },
      { heading: "Hash", cell: ({ hash }) => `${hash.slice(0, 12)}…` },
      figureColumn("Status", ({ status }) => String(status)),
      { heading: "Answer", cell: ({ answer }) => answer },
    ],
    indent,
  ),
  "",
];

const deletionLines = (
  { deleted, released, left }: WasteEnding,
  paint: Paint,
): readonly string[] => {
  const {
    calls = [],
    snapshot_id: snapshotId,
    bin_exits_at: bin,
    saves_from: from,
  } = deleted.deletion ?? {};
  return [
    paint("strong", "3. It is carried out, each judged again right before"),
    "",
    ...text(
      `${deleted.resource_id}: ${calls.map(({ action }) => action).join(", ")}. Its snapshot ${snapshotId ?? ""} is kept, and it lies in the Recycle Bin until ${bin ?? ""}. It saves from ${from ?? ""} on. Undo: ${deleted.undo}`,
      `${left.resource_id}, which its owner attached after the consent: ${left.closed?.why ?? ""} Nothing was done to it, and the consent is used up.`,
      `${released.resource_id}, with two consents: ${released.effect} Undo: ${released.undo}`,
    ),
  ];
};

const checkLines = (
  {
    error,
    expectations,
  }: { readonly error?: string; readonly expectations: readonly Expectation[] },
  paint: Paint,
): readonly string[] => [
  ...(error === undefined ? [] : ["", paint("bad", error)]),
  ...expectations.map(({ rule, held, found }) =>
    held ? paint("good", `  ok   ${rule} (${found})`) : paint("bad", `  NOT  ${rule} (${found})`),
  ),
];

export const wasteLines = (report: WasteReport, paint: Paint): readonly string[] => {
  const { ending } = report;
  const told =
    ending === undefined
      ? []
      : [
          ...findingLines(ending, paint),
          ...consentLines(ending, paint),
          ...deletionLines(ending, paint),
        ];
  return [...told, ...checkLines(report, paint)];
};

const graceLines = ({ moments, running, cap }: EnforcerEnding, paint: Paint): readonly string[] => [
  "",
  paint("strong", "4. An instance that nobody owns: GET /governance"),
  "",
  ...text(
    `${String(running)} instances run; ${String(cap)} a day may be stopped without asking. A second one without an owner was flagged before, and Ada has exempted it.`,
  ),
  ...table(
    moments,
    [
      figureColumn("Hours since launch", ({ hours }) => hours.toFixed(2)),
      { heading: "What happens", cell: ({ what }) => what },
    ],
    indent,
  ),
  "",
];

export const enforcerLines = (report: EnforcerReport, paint: Paint): readonly string[] => [
  ...(report.ending === undefined ? [] : graceLines(report.ending, paint)),
  ...checkLines(report, paint),
];
