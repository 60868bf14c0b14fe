/** The story of two interruptions as a countdown. */
import { duration, riskPercent } from "../../terminal/figures.ts";
import type { Paint } from "../../terminal/paint.ts";
import { figureColumn, table } from "../../terminal/table.ts";
import { pageWidth, wrap } from "../../terminal/wrap.ts";
import type { InterruptionEnding } from "./interruption-ending.ts";
import type { InterruptionReport } from "./interruption-story.ts";

const indent = "  ";

const countdown = ({ moments }: InterruptionEnding): readonly string[] =>
  table(
    moments,
    [
      figureColumn("Seconds left", ({ secondsLeft }) => String(secondsLeft)),
      { heading: "Group: in service", cell: ({ group }) => group },
      { heading: "Pods ready", cell: ({ pods }) => pods },
      { heading: "Single load: its address is at", cell: ({ single }) => single },
      { heading: "We call", cell: ({ calls }) => calls.join(", ") },
    ],
    indent,
  );

const poolLines = ({ pools }: InterruptionEnding): readonly string[] =>
  table(
    pools,
    [
      { heading: "Pool", cell: ({ name }) => name },
      figureColumn("Losses before", ({ before }) => String(before?.losses ?? 0)),
      figureColumn("after", ({ after }) => String(after?.losses ?? 0)),
      figureColumn("Risk before", ({ before, after }) =>
        riskPercent(before?.risk?.probability ?? after?.risk?.calm_probability),
      ),
      figureColumn("after", ({ after }) => riskPercent(after?.risk?.probability)),
    ],
    indent,
  );

const wayBackLines = ({ wayBack }: InterruptionEnding): readonly string[] =>
  wayBack === undefined
    ? []
    : wrap(
        `Back to Spot, ${duration(wayBack.afterSeconds)} after the notice, by the sweep: ${wayBack.evaluation.outcome?.sentence ?? ""}`,
        pageWidth,
      );

const endingLines = (ending: InterruptionEnding, paint: Paint): readonly string[] => [
  "",
  paint(
    "strong",
    "EC2 announces that it takes one instance, one member of a group of three and one node of two",
  ),
  "",
  ...countdown(ending),
  "",
  ...wrap(`Instance: ${ending.instance.outcome?.sentence ?? ""}`, pageWidth),
  ...wrap(`Group: ${ending.group.outcome?.sentence ?? ""}`, pageWidth),
  ...wrap(`Nodes: ${ending.nodes.outcome?.sentence ?? ""}`, pageWidth),
  ...wayBackLines(ending),
  "",
  paint("strong", "What everybody knows of their pools: GET /risk/pools"),
  "",
  ...poolLines(ending),
  "",
];

export const interruptionLines = (
  { ending, error, expectations }: InterruptionReport,
  paint: Paint,
): readonly string[] => [
  ...(ending === undefined ? [] : endingLines(ending, paint)),
  ...(error === undefined ? [] : ["", paint("bad", error)]),
  ...expectations.map(({ rule, held, found }) =>
    held ? paint("good", `  ok   ${rule} (${found})`) : paint("bad", `  NOT  ${rule} (${found})`),
  ),
];
