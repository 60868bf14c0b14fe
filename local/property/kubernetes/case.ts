/** One random case of KUBERNETES: a drawn cluster, one thing that interferes or one call that fails, run to its end and judged. */
import { createRandom, oneOf, type Random } from "../../cloud/random.ts";
import { nodeHarms, harmChange, type NodeHarm } from "../../lab/node-harm.ts";
import { complaintsAboutNodes } from "../../lab/node-judge.ts";
import {
  createNodeLab,
  type NodeEnding,
  type NodeLab,
  type NodeLabOptions,
} from "../../lab/node-lab.ts";
import { drawCluster } from "./clusters.ts";
import { isHeldByBudget } from "./held.ts";
import { judgeAgainstTwin } from "./twin.ts";
import { drawInterference, type Interference } from "./interference.ts";

export interface NodeCaseResult {
  readonly seed: number;
  readonly number: number;
  readonly cluster: string;
  readonly disturbances: readonly string[];
  readonly status: string;
  /** How it ended. */
  readonly sentence: string;
  /** What was broken. Empty is well. */
  readonly violations: readonly string[];
}

interface Fault {
  readonly harm: NodeHarm;
  readonly nth: number;
}

interface Drawn {
  readonly interference: Interference | undefined;
  readonly fault: Fault | undefined;
}

/** A node makes some ten calls, and one for each pod. */
const mostCalls = 18;

const drawFault = (random: Random): Fault | undefined =>
  random.next() < 0.5
    ? undefined
    : { harm: oneOf(random, nodeHarms), nth: random.integer(1, mostCalls) };

/** More than half of the pods have moved, and the rest is held by what its owner has set: so it is meant to end. */
const isHalfMoved = (sentence: string): boolean => sentence.includes("both nodes are kept");

/** What was not to be done by the product alone. */
const isPersonNeeded = (lab: NodeLab, { interference, fault }: Drawn, sentence: string): boolean =>
  interference?.needsPerson === true ||
  fault?.harm === "unauthorized" ||
  isHalfMoved(sentence) ||
  isHeldByBudget(lab);

const sentenceOf = ({ evaluation }: NodeEnding): string => evaluation.outcome?.sentence ?? "";

const judge = (lab: NodeLab, ending: NodeEnding, drawn: Drawn): readonly string[] => [
  ...complaintsAboutNodes(lab, ending, {
    isDisturbed: drawn.interference?.isDisturbing === true,
  }),
  ...(ending.executionStatus === "RUNNING" ? ["it runs for ever"] : []),
  ...(ending.status === "NEEDS_OPERATOR" && !isPersonNeeded(lab, drawn, sentenceOf(ending))
    ? [`a person is asked without need: ${sentenceOf(ending)}`]
    : []),
];

type Played = Pick<NodeCaseResult, "status" | "sentence" | "violations">;

const play = async (options: NodeLabOptions, drawn: Drawn): Promise<Played> => {
  const lab = await createNodeLab(options);
  const { clock } = lab.account;
  const { interference, fault } = drawn;
  if (fault !== undefined) harmChange(lab, fault);
  let actedMs: number | undefined;
  if (interference !== undefined) {
    clock.schedule(clock.now() + interference.afterSeconds * 1000, () => {
      actedMs = clock.now();
      interference.act(lab);
    });
  }
  const ending = await lab.run();
  return {
    status: ending.status,
    sentence: sentenceOf(ending),
    violations: [
      ...judge(lab, ending, drawn),
      ...(await judgeAgainstTwin(options, { lab, interference, actedMs })),
    ],
  };
};

/** What nobody expected is a violation like any other, and the next case is run. */
const brokenOff = (error: unknown): Played => ({
  status: "broken off",
  sentence: "",
  violations: [
    `the case broke off: ${error instanceof Error ? (error.stack ?? "") : String(error)}`,
  ],
});

export const runNodeCase = async ({
  seed,
  number,
}: Pick<NodeCaseResult, "seed" | "number">): Promise<NodeCaseResult> => {
  const random = createRandom(seed).fork(`node-case-${String(number)}`);
  const cluster = drawCluster(random.fork("cluster"));
  const interference = drawInterference(random.fork("interference"));
  // A single fault: where something interferes, our own calls do not fail.
  const fault = interference === undefined ? drawFault(random.fork("fault")) : undefined;
  const drawn = { interference, fault };
  const played = await play(cluster.options, drawn).catch(brokenOff);
  return {
    seed,
    number,
    cluster: cluster.sentence,
    disturbances: [
      ...(interference === undefined
        ? []
        : [`at second ${String(interference.afterSeconds)}: ${interference.sentence}`]),
      ...(fault === undefined ? [] : [`changing call ${String(fault.nth)} meets: ${fault.harm}`]),
    ],
    ...played,
  };
};
