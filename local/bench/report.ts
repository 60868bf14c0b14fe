/** The figures as tables, with what was aimed at. */
import { duration, kilobytes, percent, seconds, usd } from "../terminal/figures.ts";
import { figureColumn, table } from "../terminal/table.ts";
import { casesPerSecondAim, type LabFigures, type MeasuredStorm } from "./lab.ts";
import { bundleAims, type BundleFigures } from "./bundles.ts";
import { drainRuns, type DrainedBy, type MeasuredDrain } from "./drain.ts";
import { evaluationAims, type DowntimeFigures, type EvaluationFigures } from "./evaluations.ts";
import { groupAims, type GroupFigures, type MeasuredGroups, type PerReplaced } from "./groups.ts";
import { rollBackAims, type RollBackFigures } from "./roll-backs.ts";
import { verdict, whole } from "./verdict.ts";

export const bundleReport = (bundles: readonly BundleFigures[]): string =>
  [
    `Bundles: aim ≤ ${kilobytes(bundleAims.minifiedBytes)} minified (${kilobytes(bundleAims.withClusterBytes)} where a step talks to a cluster) and ≤ ${String(bundleAims.importMs)} ms cold import for steps, and ≤ ${String(bundleAims.timesEmpty.step)} times the processor time of an empty handler (API ≤ ${String(bundleAims.timesEmpty.api)})`,
    "",
    ...table(bundles, [
      { heading: "function", cell: ({ name }) => name },
      figureColumn("minified", ({ minifiedBytes }) => kilobytes(minifiedBytes)),
      figureColumn("zipped", ({ zippedBytes }) => kilobytes(zippedBytes)),
      figureColumn("size", ({ meets }) => verdict(meets.size)),
      figureColumn("import", ({ importMs }) => `${String(importMs)} ms`),
      figureColumn("of it CPU", ({ importCpuMs }) => `${String(importCpuMs)} ms`),
      figureColumn("time", ({ meets }) => verdict(meets.importTime)),
      figureColumn("÷ empty", ({ timesEmpty }) => timesEmpty.toFixed(2)),
      figureColumn("aim", ({ meets }) => verdict(meets.timesEmpty)),
    ]),
  ].join("\n");

export const rollBackReport = (rollBacks: readonly RollBackFigures[]): string =>
  [
    `A roll-back: aim ≤ ${String(rollBackAims.recovers)} reading calls, ≤ ${String(rollBackAims.neverRecovers)} where the original never recovers`,
    "",
    ...table(rollBacks, [
      { heading: "roll-back", cell: ({ name }) => name },
      { heading: "ended", cell: ({ status }) => status },
      figureColumn("actions", ({ actions }) => whole(actions)),
      figureColumn("reading calls", ({ readingCalls }) => whole(readingCalls)),
      figureColumn("aim", ({ meetsAim }) => verdict(meetsAim)),
      figureColumn("invocations", ({ invocations }) => whole(invocations)),
      figureColumn("original serves after", ({ secondsToService }) => seconds(secondsToService)),
      figureColumn("ended after", ({ secondsInAll }) => seconds(secondsInAll)),
    ]),
  ].join("\n");

const { switch: ofSwitch, other: ofOther } = evaluationAims;

export const evaluationReport = (evaluations: readonly EvaluationFigures[]): string =>
  [
    `One evaluation: aim ≤ ${String(ofSwitch.transitions)} state transitions for a switch, ≤ ${String(ofSwitch.transitionsBesidePolling)} of them beside polling, ≤ ${String(ofSwitch.awsCalls)} calls to AWS, ≤ ${String(ofSwitch.readUnits)} read and ≤ ${String(ofSwitch.writeUnits)} write units of the state table; otherwise ≤ ${String(ofOther.transitions)}, ${String(ofOther.awsCalls)}, ${String(ofOther.readUnits)} and ${String(ofOther.writeUnits)}`,
    "",
    ...table(evaluations, [
      { heading: "evaluation", cell: ({ name }) => name },
      { heading: "ended", cell: ({ status }) => status },
      figureColumn("transitions", ({ transitions }) => whole(transitions)),
      figureColumn("of them polling", ({ pollingTransitions }) => whole(pollingTransitions)),
      figureColumn("aim", ({ meets }) =>
        verdict(meets.transitions && meets.transitionsBesidePolling),
      ),
      figureColumn("invocations", ({ invocations }) => whole(invocations)),
      figureColumn("customer's calls", ({ customerCalls }) => whole(customerCalls)),
      figureColumn("own calls", ({ ownCalls }) => whole(ownCalls)),
      figureColumn("aim", ({ meets }) => verdict(meets.awsCalls)),
      figureColumn("table requests", ({ tableRequests }) => whole(tableRequests)),
      figureColumn("read units", ({ readUnits }) => whole(readUnits)),
      figureColumn("write units", ({ writeUnits }) => whole(writeUnits)),
      figureColumn("aim", ({ meets }) => verdict(meets.readUnits && meets.writeUnits)),
      figureColumn("per 1,000", ({ usdPerThousand }) => usd(usdPerThousand)),
    ]),
  ].join("\n");

type PerReplacedFigure = (each: PerReplaced) => string;

const ofEach =
  (figure: PerReplacedFigure) =>
  ({ perReplaced }: GroupFigures): string =>
    perReplaced === undefined ? "-" : figure(perReplaced);

/** The aims are those of batches of ten, of one evaluation. */
const aimOfEach = (figure: keyof PerReplaced["meets"]) => (group: GroupFigures) =>
  group.batchSize === 1 || group.evaluations > 1 ? "-" : verdict(group.perReplaced?.meets[figure]);

const tenth = (value: number): string => value.toFixed(1);

export const groupReport = ({ figures, shareOfTime, meetsShareOfTime }: MeasuredGroups): string =>
  [
    `A group: aim ≤ ${String(groupAims.awsCalls)} calls to AWS (beside the looks of a wait that find nothing to do) and ≤ ${String(groupAims.transitions)} state transitions for each replaced instance in batches of ten`,
    "",
    ...table(figures, [
      { heading: "CLUSTER evaluation", cell: ({ name }) => name },
      { heading: "ended", cell: ({ status }) => status },
      figureColumn("evaluations", ({ evaluations }) => whole(evaluations)),
      figureColumn("replaced", ({ replaced }) => whole(replaced)),
      figureColumn("transitions", ({ transitions }) => whole(transitions)),
      figureColumn("of them polling", ({ pollingTransitions }) => whole(pollingTransitions)),
      figureColumn(
        "each",
        ofEach(({ transitions }) => tenth(transitions)),
      ),
      figureColumn("aim", aimOfEach("transitions")),
      figureColumn("AWS calls", ({ awsCalls }) => whole(awsCalls)),
      figureColumn("of them polling", ({ pollingCalls }) => whole(pollingCalls)),
      figureColumn(
        "each beside polling",
        ofEach(({ awsCalls }) => tenth(awsCalls)),
      ),
      figureColumn("aim", aimOfEach("awsCalls")),
    ]),
    "",
    ...table(figures, [
      { heading: "CLUSTER evaluation", cell: ({ name }) => name },
      figureColumn("invocations", ({ invocations }) => whole(invocations)),
      figureColumn("read units", ({ readUnits }) => whole(readUnits)),
      figureColumn(
        "each",
        ofEach(({ readUnits }) => tenth(readUnits)),
      ),
      figureColumn("write units", ({ writeUnits }) => whole(writeUnits)),
      figureColumn(
        "each",
        ofEach(({ writeUnits }) => tenth(writeUnits)),
      ),
      figureColumn("per 1,000", (group) => usd((group.usd * 1000) / group.evaluations)),
      figureColumn(
        "per replaced",
        ofEach((each) => usd(each.usd, 5)),
      ),
      figureColumn("events", ({ events }) => whole(events)),
      figureColumn("virtual", (group) => duration(group.seconds)),
    ]),
    "",
    `Ten at once take ${(shareOfTime * 100).toFixed(1)} % of the virtual time that one after the other takes; aim ≤ ${(groupAims.shareOfTime * 100).toFixed(1)} %: ${verdict(meetsShareOfTime)}`,
  ].join("\n");

export const downtimeReport = (downtimes: readonly DowntimeFigures[], seeds: number): string =>
  [
    `Downtime by the record, over the seeds 1 to ${String(seeds)}`,
    "",
    ...table(downtimes, [
      { heading: "evaluation", cell: ({ name }) => name },
      figureColumn("switched", ({ switches }) => whole(switches)),
      figureColumn("median", ({ medianSeconds }) => seconds(medianSeconds)),
      figureColumn("p95", ({ p95Seconds }) => seconds(p95Seconds)),
      figureColumn("transitions (median)", ({ medianTransitions }) => whole(medianTransitions)),
      figureColumn("customer's calls (median)", ({ medianCustomerCalls }) =>
        whole(medianCustomerCalls),
      ),
    ]),
  ].join("\n");

const endingsOf = ({ endings }: MeasuredStorm): string =>
  Object.entries(endings)
    .map(([status, count]) => `${String(count)} ${status}`)
    .join(", ");

export const labReport = ({ cases, storms }: LabFigures): string =>
  [
    `The laboratory: ${cases.casesPerSecond.toFixed(1)} whole cases a second on one core (${cases.cpuMs.toFixed(0)} ms of the processor each, in the best twenty of ${whole(cases.cases)}); aim ≥ ${whole(casesPerSecondAim)}: ${verdict(cases.meetsAim)}`,
    "",
    ...table(storms, [
      { heading: "in virtual time", cell: ({ name, targets }) => `${whole(targets)} ${name}` },
      { heading: "ended", cell: endingsOf },
      figureColumn("all as wanted", ({ meetsAim }) => verdict(meetsAim)),
      figureColumn("time-outs", ({ timeOuts }) => whole(timeOuts)),
      figureColumn("throttled", ({ throttled }) => whole(throttled)),
      figureColumn("unserved", ({ unserved }) => whole(unserved)),
      figureColumn("AWS calls a target", ({ awsCallsPerTarget }) => awsCallsPerTarget.toFixed(1)),
      figureColumn("virtual", ({ virtualSeconds }) => seconds(virtualSeconds)),
      figureColumn("processor", ({ cpuSeconds }) => seconds(cpuSeconds)),
    ]),
  ].join("\n");

const drainFigures = ({ pods, figures, leastSeconds }: MeasuredDrain): readonly DrainRow[] =>
  figures.map((figure) => ({ pods, leastSeconds, ...figure }));

interface DrainRow extends DrainedBy {
  readonly pods: string;
  readonly leastSeconds: number;
}

const shareOf = ({ pods, shares, aims, meets }: MeasuredDrain): string =>
  `${pods}: ${percent(shares.seconds)} of kubectl's seconds, aim ≤ ${percent(aims.seconds, 0)}: ${verdict(meets.seconds)}; ${percent(shares.requests)} of its requests, aim ≤ ${percent(aims.requests, 0)}: ${verdict(meets.requests)}`;

export const drainReport = (drains: readonly MeasuredDrain[]): string =>
  [
    `A node of 110 pods under 10 budgets that let one pod of eleven be away, on a real control plane: medians of ${String(drainRuns)} runs each`,
    "",
    ...table(drains.flatMap(drainFigures), [
      { heading: "pods", cell: ({ pods }) => pods },
      { heading: "by", cell: ({ by }) => by },
      figureColumn("seconds", (row) => tenth(row.seconds)),
      figureColumn("at least", ({ leastSeconds }) => whole(leastSeconds)),
      figureColumn("requests", ({ requests }) => whole(requests)),
      figureColumn("of these 429", ({ refused }) => whole(refused)),
      figureColumn("left", ({ left }) => whole(left)),
      figureColumn("fewest healthy of 11", ({ leastHealthy }) => whole(leastHealthy)),
    ]),
    "",
    ...drains.map(shareOf),
  ].join("\n");
