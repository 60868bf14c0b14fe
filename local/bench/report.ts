/** The figures as tables, with what was aimed at. */
import { table } from "../terminal/table.ts";
import { bundleAims, type BundleFigures } from "./bundles.ts";
import { transitionAims, type EvaluationFigures } from "./evaluations.ts";

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;
const verdict = (isMet: boolean | undefined): string =>
  isMet === undefined ? "-" : isMet ? "pass" : "MISS";

const column = <Row>(heading: string, cell: (row: Row) => string) =>
  ({ heading, cell, align: "right" }) as const;

export const bundleReport = (bundles: readonly BundleFigures[]): string =>
  [
    `Bundles: aim ≤ ${kilobytes(bundleAims.minifiedBytes)} minified and ≤ ${String(bundleAims.importMs)} ms cold import for steps`,
    "",
    ...table(bundles, [
      { heading: "function", cell: ({ name }) => name },
      column("minified", ({ minifiedBytes }) => kilobytes(minifiedBytes)),
      column("zipped", ({ zippedBytes }) => kilobytes(zippedBytes)),
      column("size", ({ meets }) => verdict(meets?.size)),
      column("import", ({ importMs }) => `${String(importMs)} ms`),
      column("of it CPU", ({ importCpuMs }) => `${String(importCpuMs)} ms`),
      column("time", ({ meets }) => verdict(meets?.importTime)),
    ]),
  ].join("\n");

const whole = (value: number): string => value.toFixed(0);

export const evaluationReport = (evaluations: readonly EvaluationFigures[]): string =>
  [
    `One evaluation: aim ≤ ${String(transitionAims.switch)} state transitions beside polling for a switch, ≤ ${String(transitionAims.other)} otherwise`,
    "",
    ...table(evaluations, [
      { heading: "evaluation", cell: ({ name }) => name },
      { heading: "ended", cell: ({ status }) => status },
      column("transitions", ({ transitions }) => whole(transitions)),
      column("of them polling", ({ pollingTransitions }) => whole(pollingTransitions)),
      column("aim", ({ meetsAim }) => verdict(meetsAim)),
      column("invocations", ({ invocations }) => whole(invocations)),
      column("customer's calls", ({ customerCalls }) => whole(customerCalls)),
      column("own calls", ({ ownCalls }) => whole(ownCalls)),
      column("table requests", ({ tableRequests }) => whole(tableRequests)),
      column("read units", ({ readUnits }) => whole(readUnits)),
      column("write units", ({ writeUnits }) => whole(writeUnits)),
      column("per 1,000", ({ usdPerThousand }) => `$${usdPerThousand.toFixed(2)}`),
    ]),
  ].join("\n");
