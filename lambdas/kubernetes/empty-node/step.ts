/**
 * Empty node: evicts what budgets allow from a node that EC2 takes back, until 20 s before its end, in looks of two seconds. What could not be evicted by then is told. One that EC2 has left
 * to run after all is emptied on, a tick at a time.
 */
import type * as z from "zod";
import { unknownRequestId } from "../../../adapters/aws/translate-error.ts";
import { listBudgets } from "../../../adapters/kubernetes/budgets.ts";
import type { KubernetesClient } from "../../../adapters/kubernetes/client.ts";
import { listPodsOn } from "../../../adapters/kubernetes/pods.ts";
import { readViewForDrain } from "../../../adapters/kubernetes/view.ts";
import { afterReplies, type TickProgress } from "../../../core/decide/kubernetes/drain/replies.ts";
import { beginDrain, beginTick } from "../../../core/decide/kubernetes/drain/tick.ts";
import { lookAtWarned, type WarnedLook } from "../../../core/decide/kubernetes/drain/warned.ts";
import { emptiedUntil } from "../../../core/decide/kubernetes/response.ts";
import { counted } from "../../../core/decide/offers/figures.ts";
import type { ClusterView } from "../../../core/model/kubernetes/cluster.ts";
import type { DrainState } from "../../../core/model/kubernetes/drain.ts";
import type { NodeName } from "../../../core/model/kubernetes/progress.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { holdLease } from "../../evaluation/lease.ts";
import { assertNotStopped, perform } from "../../evaluation/perform.ts";
import { sendEvictions } from "../drain-poll/evictions.ts";
import { withProgress } from "../round.ts";
import { connect, type KubernetesResult, type KubernetesSession } from "../session.ts";
import { openSight, type BudgetSight } from "../sight.ts";
import { clusterTroubleIn, standingsBy, warnedOf } from "../warned.ts";

const outputSchema = pollingOutput(["OVER", "WAITING"]);
type Result = KubernetesResult<z.infer<typeof outputSchema>>;
type EmptySession = KubernetesSession<"eks" | "kubernetes">;

/** A function has a minute, and an eviction may take ten seconds. */
const tickMs = 30_000;
const betweenLooksMs = 2_000;
const againSeconds = 1;

interface Emptying {
  readonly session: EmptySession;
  readonly client: KubernetesClient;
  readonly node: NodeName;
  /** Of the tick. ISO 8601 */
  readonly until: string;
  /** As it was at the first look. */
  readonly whole: ClusterView;
  /** Each look is told to it. */
  readonly sight: BudgetSight;
}

/** The pods of the node, and the budgets, are read anew at each look. */
const readAgain = async ({ client, node, whole }: Emptying): Promise<ClusterView> => {
  const [onNode, budgets] = await Promise.all([listPodsOn(client, node.name), listBudgets(client)]);
  const elsewhere = whole.pods.filter(({ nodeName }) => nodeName !== node.name);
  return { ...whole, budgets, pods: [...elsewhere, ...onNode] };
};

const evict = async (
  { session, client }: Emptying,
  look: WarnedLook,
  listedAt: string,
): Promise<TickProgress> => {
  const { context } = session;
  await assertNotStopped(session);
  await holdLease(session);
  const now = (): string => context.now().toISOString();
  const { evict: evictions, memory } = look;
  const answered = await sendEvictions({ client, evictions, memory, listedAt, now });
  return afterReplies(look, answered, now());
};

/** Until nothing is left, or the tick is over. */
const goOn = async (emptying: Emptying, progress: TickProgress): Promise<DrainState> => {
  const { session, node, until, sight } = emptying;
  const { context } = session;
  const listedAt = context.now().toISOString();
  const view = await readAgain(emptying);
  sight.see(view);
  const now = context.now().toISOString();
  const standingOf = standingsBy(session, view);
  const look = lookAtWarned({ ...progress, view, node, standingOf, now });
  const next = look.evict.length === 0 ? look : await evict(emptying, look, listedAt);
  const soon = new Date(context.now().getTime() + betweenLooksMs).toISOString();
  if (next.state.left === 0 || soon >= until) return next.state;
  await context.pause(betweenLooksMs);
  return goOn(emptying, next);
};

/** One effect of the one intent, whatever is evicted. */
const runTick = async ({
  session,
  node,
  until,
  sight,
}: Omit<Emptying, "client" | "whole">): Promise<DrainState> => {
  const { context, evaluation } = session;
  const { client } = await connect(session);
  const whole = await readViewForDrain(client);
  const now = context.now().toISOString();
  const state = evaluation.progress.drain ?? beginDrain(now);
  const { clusterName } = evaluation.subject;
  const { name: nodeName, uid: nodeUid, instanceId } = node;
  const { end } = await perform(session, {
    intent: {
      id: `drain-${instanceId}`,
      change: { kind: "DRAIN_NODE", clusterName, nodeName, nodeUid, instanceId },
    },
    action: "EvictPods",
    resource: `pods of node ${nodeName}`,
    call: async () => ({
      requestId: unknownRequestId,
      end: await goOn(
        { session, client, node, until, whole, sight },
        { state, memory: beginTick(state, now) },
      ),
    }),
  });
  return end;
};

const told = ({ name }: NodeName, { left, evicted, blockers }: DrainState): string => {
  const sentence = `${counted(evicted, "pod")} evicted from node ${name}, ${String(left)} left.`;
  return [sentence, ...blockers.map((blocker) => blocker.sentence)].join(" ");
};

const earlier = (one: string, other: string): string => (one < other ? one : other);

export const emptyNodeStep = defineEvaluationStep({
  name: "empty-node",
  clients: ["eks", "kubernetes"],
  mode: "KUBERNETES",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const { context, evaluation } = session;
    const { endsAt } = warnedOf(session);
    const { original: node, drain } = evaluation.progress;
    const now = context.now().toISOString();
    const isLeft = now > endsAt;
    const last = emptiedUntil(endsAt);
    if (node === undefined) {
      return { output: { kind: "OVER", summary: "The cluster has no such node." } };
    }
    if (!isLeft && now >= last) {
      const summary = drain === undefined ? "Nothing was evicted." : told(node, drain);
      return { output: { kind: "OVER", summary } };
    }
    const tickEnd = new Date(context.now().getTime() + tickMs).toISOString();
    const until = isLeft ? tickEnd : earlier(tickEnd, last);
    const sight = openSight(session, node);
    try {
      const state = await runTick({ session, node, until, sight });
      const isOver = isLeft || state.left === 0;
      return {
        output: isOver
          ? { kind: "OVER", summary: told(node, state) }
          : { kind: "WAITING", summary: told(node, state), waitSeconds: againSeconds },
        sight: sight.seen(),
        change: withProgress({ drain: state }),
      };
    } catch (error) {
      const summary = clusterTroubleIn(error);
      return {
        output: isLeft
          ? { kind: "OVER", summary }
          : { kind: "WAITING", summary, waitSeconds: againSeconds },
        sight: sight.seen(),
      };
    }
  },
});
