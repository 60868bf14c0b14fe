/** Lets a recovery launch when it is its turn among those of its account and region. */
import { counted } from "../../core/decide/offers/figures.ts";
import type { LaunchCall } from "../../core/model/launch-turn.ts";
import { isRecovery } from "../../core/model/evaluation-kind.ts";
import { readSubjectFacts } from "../evaluation/facts.ts";
import { takeTurn } from "../evaluation/launch-turn.ts";
import type { LinearSession } from "./session.ts";

/** The answer of a launch that is to wait; undefined: it may be made now. Nobody waits for a switch. */
export const awaitTurn = async (session: LinearSession<never>, call: LaunchCall) => {
  const { evaluation } = session;
  if (!isRecovery(evaluation)) return undefined;
  const { lost } = await readSubjectFacts<"LINEAR">(session);
  // One instance: nothing else serves in its place.
  const waiter = { standsAlone: true, bootSeconds: lost?.bootSeconds ?? 0 };
  const turn = await takeTurn(session, call, waiter);
  if (turn.kind === "GO") return undefined;
  const { ahead, seconds: waitSeconds } = turn;
  const summary = `EC2 takes many instances here at once: ${counted(ahead, "replacement")} of this account and region before this one.`;
  return { output: { kind: "WAITING" as const, summary, waitSeconds } };
};
