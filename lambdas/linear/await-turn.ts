/** Lets a recovery launch when it is its turn among those of its account and region. */
import { counted } from "../../core/decide/offers/figures.ts";
import type { Turn } from "../../core/decide/switch/launch-turn.ts";
import type { LaunchCall } from "../../core/model/launch-turn.ts";
import { isRecovery } from "../../core/model/evaluation-kind.ts";
import { readSubjectFacts } from "../evaluation/facts.ts";
import { takeTurn } from "../evaluation/launch-turn.ts";
import type { LinearSession } from "./session.ts";

interface Waiting {
  readonly kind: "WAITING";
  readonly summary: string;
  readonly waitSeconds: number;
}

/** WAIT: with the answer of a launch that is to wait. */
type OwnTurn =
  | Extract<Turn, { readonly kind: "GO" }>
  | { readonly kind: "WAIT"; readonly answer: { readonly output: Waiting } };

/** Nobody waits for a switch. @param calls by which it can launch, the one that it would rather make first */
export const awaitTurn = async (
  session: LinearSession<never>,
  calls: readonly [LaunchCall, ...LaunchCall[]],
): Promise<OwnTurn> => {
  const { evaluation } = session;
  if (!isRecovery(evaluation)) return { kind: "GO", call: calls[0] };
  const { lost } = await readSubjectFacts<"LINEAR">(session);
  // One instance: nothing else serves in its place.
  const waiter = { standsAlone: true, bootSeconds: lost?.bootSeconds ?? 0 };
  const turn = await takeTurn(session, calls, waiter);
  if (turn.kind === "GO") return turn;
  const { ahead, seconds: waitSeconds } = turn;
  const summary = `EC2 takes many instances here at once: ${counted(ahead, "replacement")} of this account and region before this one.`;
  return { kind: "WAIT", answer: { output: { kind: "WAITING", summary, waitSeconds } } };
};
