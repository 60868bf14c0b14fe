/** Alarms of what a function on a schedule has logged once with a key. */
import type { FunctionName } from "../lambdas/access/functions.ts";

export interface TellingAlarm {
  readonly id: string;
  readonly metricName: string;
  /** Of a line of the function's log. */
  readonly key: string;
  /** Ends with the title of its entry in docs/runbook.md. */
  readonly description: string;
}

export const noticesUndelivered: TellingAlarm = {
  id: "NoticesUndeliveredAlarm",
  metricName: "NoticesUndelivered",
  key: "noticeUndelivered",
  description:
    "Notices could not be delivered, three times in a row: docs/runbook.md, Notices that are not delivered",
};

export const untoldLosses: TellingAlarm = {
  id: "UntoldLossesAlarm",
  metricName: "UntoldLosses",
  key: "untoldLosses",
  description:
    "A sweep has found that EC2 took Spot Instances of an account, and no event told: docs/runbook.md, A loss that no event told",
};

export const unrecoveredLoads: TellingAlarm = {
  id: "UnrecoveredAlarm",
  metricName: "UnrecoveredLoads",
  key: "unrecovered",
  description:
    "EC2 has taken what serves, and a recovery was tried without success: docs/runbook.md, A load that is not recovered",
};

export const haltedAccounts: TellingAlarm = {
  id: "HaltedAlarm",
  metricName: "HaltedAccounts",
  key: "haltedSince",
  description:
    "Switches were rolled back, and no switch begins in an account until somebody lets them: docs/runbook.md, Halted",
};

export const toldAlarms: Readonly<Partial<Record<FunctionName, TellingAlarm>>> = {
  "enforce-scan-place": {
    id: "EnforcerPausedAlarm",
    metricName: "EnforcerPaused",
    key: "enforcerPaused",
    description:
      "Changed rules flag more than a tenth of what runs in a region, and the enforcer is paused there: docs/runbook.md, The enforcer is paused",
  },
  "enforce-carry-out": {
    id: "NoticeFailedAlarm",
    metricName: "NoticesFailed",
    key: "noticeFailed",
    description:
      "SNS did not accept a notice, so that nothing is stopped: docs/runbook.md, A notice that was not accepted",
  },
};
