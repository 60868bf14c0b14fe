/** Tells with a verdict to act what could not be read beforehand: it does not refuse anything, and nobody shall believe that it was seen. */
import { callsForAction, type Verdict } from "../../model/verdict.ts";

/** @param unread a sentence; absent where all was read */
export const tellUnread = (verdict: Verdict, unread: string | undefined): Verdict =>
  unread === undefined || !callsForAction(verdict)
    ? verdict
    : { ...verdict, sentence: `${verdict.sentence} ${unread}` };
