/** Tells with a verdict to act what refuses nothing, and is to be known: what could not be read beforehand, so that nobody believes it was seen. */
import { callsForAction, type Verdict } from "../../model/verdict.ts";

/** @param notes sentences; absent where there is nothing to tell */
export const tellNotes = (verdict: Verdict, notes: string | undefined): Verdict =>
  notes === undefined || !callsForAction(verdict)
    ? verdict
    : { ...verdict, sentence: `${verdict.sentence} ${notes}` };
