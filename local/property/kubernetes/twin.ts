/** Runs a drawn cluster as a twin without us, to which the same happens at the same instants, and holds what serves against it. */
import type { CapacitySample } from "../../lab/capacity-ledger.ts";
import { judgeCapacity } from "../../lab/capacity-judge.ts";
import { createNodeLab, type NodeLab, type NodeLabOptions } from "../../lab/node-lab.ts";
import { atLeast, type Happened, type Notice } from "../cluster/twin-samples.ts";
import type { Interference } from "./interference.ts";

/** EC2 launches another one, and it joins. */
const replacedMs = 10 * 60_000;

interface OwnRun {
  readonly lab: Pick<NodeLab, "capacity" | "platform">;
  /** Absent: nobody interferes. */
  readonly interference: Interference | undefined;
  /** When that acted. Absent: not before the end. */
  readonly actedMs: number | undefined;
}

/** What a group answers a little later or earlier than its twin does. */
const happenedIn = ({ interference, actedMs }: OwnRun): readonly Happened[] =>
  interference?.takes === "ORIGINAL" && actedMs !== undefined
    ? [{ atMs: actedMs, act: { kind: "LOSE", member: 0 } }]
    : [];

/** What EC2 takes back counts in neither run until it is replaced: the twin has no node that was ours. */
const noticesIn = ({ interference, actedMs }: OwnRun): readonly Notice[] =>
  interference?.takes === "REPLACEMENT" && actedMs !== undefined
    ? [{ fromMs: actedMs, toMs: actedMs + replacedMs }]
    : [];

const runTwin = async (
  options: NodeLabOptions,
  { act }: Interference,
  { actedMs, endMs }: { readonly actedMs: number; readonly endMs: number },
): Promise<readonly CapacitySample[]> => {
  const lab = await createNodeLab(options);
  const { clock } = lab.account;
  clock.schedule(actedMs, () => {
    act(lab);
  });
  await clock.run({ atMostMs: endMs });
  return lab.capacity.samples();
};

/** Where nobody but us ends an instance or asks for another number, the twin has what is asked for at every instant, and need not be run. */
const twinOf = async (options: NodeLabOptions, own: OwnRun): Promise<readonly CapacitySample[]> => {
  const { lab, interference, actedMs } = own;
  const isQuiet = interference?.takes === undefined && interference?.resizes === undefined;
  if (interference === undefined || isQuiet || actedMs === undefined) {
    return lab.capacity.samples().map((sample) => ({ ...sample, serving: sample.asked }));
  }
  const endMs = lab.platform.clock.now();
  const samples = await runTwin(options, interference, { actedMs, endMs });
  return atLeast(samples, { happened: happenedIn(own), notices: noticesIn(own) }, []);
};

/** At every instant as many serve as are asked for, or as serve without us. Sentences of what was broken. */
export const judgeAgainstTwin = async (
  options: NodeLabOptions,
  own: OwnRun,
): Promise<readonly string[]> =>
  judgeCapacity(own.lab.capacity.samples(), await twinOf(options, own));
