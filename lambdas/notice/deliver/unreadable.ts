/** Raises the alarm for what is stored in a form that this release does not know: it is passed over, and stays. */
import type { Log } from "../../runtime/log.ts";

export const tellUnreadable = (log: Log, unreadable: readonly string[]): void => {
  for (const sentence of unreadable) {
    log.warn(
      `A notice was passed over: ${sentence} Next: see in the runbook, "Notices that are not delivered".`,
      { noticeUndelivered: "UNREADABLE" },
    );
  }
};
