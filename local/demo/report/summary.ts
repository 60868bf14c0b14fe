/** All stories side by side. */
import type { AnyReport } from "../any-report.ts";
import { groupSaving } from "../cluster/group-figures.ts";
import { nodeSaving } from "../kubernetes/node-figures.ts";
import { countOf } from "../../cli/report/course.ts";
import { hasHeld, type StoryReport } from "../story.ts";
import { seconds, usd } from "../../terminal/figures.ts";
import type { Paint } from "../../terminal/paint.ts";
import { figureColumn, table } from "../../terminal/table.ts";

const checksOf = ({ expectations }: AnyReport): string =>
  `${String(expectations.filter(({ held }) => held).length)}/${String(expectations.length)}`;

export const downtimeOf = ({ ending }: StoryReport): number | undefined => {
  if (ending === undefined) return undefined;
  const { evaluation, service } = ending;
  return (
    evaluation.downtime_seconds ??
    (service.unservedSeconds > 0 ? service.unservedSeconds : undefined)
  );
};

export const savingOf = ({ ending }: StoryReport): number | undefined =>
  ending?.evaluation.status === "SWITCHED" ? ending.evaluation.savings?.monthly_usd : undefined;

const anyDowntime = (report: AnyReport): number | undefined =>
  report.mode === "LINEAR" ? downtimeOf(report) : undefined;

const anySaving = (report: AnyReport): number | undefined => {
  switch (report.mode) {
    case "LINEAR":
      return savingOf(report);
    case "CLUSTER":
      return report.ending && groupSaving(report.ending);
    case "KUBERNETES":
      return report.ending && nodeSaving(report.ending);
  }
};

export const summaryLines = (reports: readonly AnyReport[], paint: Paint): readonly string[] => {
  const [heading = "", ...rows] = table(reports, [
    { heading: "Story", cell: (report) => report.name },
    { heading: "Verdict", cell: ({ ending }) => ending?.evaluation.verdict?.kind ?? "" },
    { heading: "Reason", cell: ({ ending }) => ending?.evaluation.outcome?.reason ?? "" },
    { heading: "Status", cell: ({ ending }) => ending?.evaluation.status ?? "FAILED" },
    figureColumn("Calls", ({ ending }) =>
      ending === undefined ? "" : String(countOf(ending.mutatingCalls)),
    ),
    figureColumn("Orphans", ({ ending }) =>
      ending === undefined ? "" : String(ending.orphans.length),
    ),
    figureColumn("Down", (report) => seconds(anyDowntime(report))),
    figureColumn("USD/mo.", (report) => usd(anySaving(report))),
    figureColumn("Checks", checksOf),
  ]);
  return [
    paint("strong", heading),
    ...rows.map((row, index) => {
      const report = reports[index];
      return report !== undefined && hasHeld(report) ? row : paint("bad", row);
    }),
  ];
};
