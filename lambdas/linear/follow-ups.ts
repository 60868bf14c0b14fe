/** Reads what names the original and does not follow to its replacement, once the replacement is verified. */
import { readBackedUp } from "../../adapters/aws/backup.ts";
import { readAlarmsOf } from "../../adapters/aws/cloudwatch.ts";
import { findRecords } from "../../adapters/aws/route53.ts";
import {
  followUpsOf,
  partsThatStay,
  type AlarmsFound,
  type BackupsFound,
  type RecordsFound,
} from "../../core/decide/linear/follow-ups.ts";
import { namesOneOf, oldNames } from "../../core/decide/linear/old-names.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { BackedUp } from "../../core/model/backed-up.ts";
import type { InstanceFacts, ReplacementFacts } from "../../core/model/instance.ts";
import { readOriginal } from "./facts.ts";
import type { LinearSession } from "./session.ts";

/** A replacement serves by now: an answer that does not come keeps no switch from its end, and is told. */
const readAlarms = async (
  session: LinearSession<"cloudWatch">,
  instanceId: string,
): Promise<AlarmsFound> => {
  const { cloudWatch } = await session.customer();
  try {
    return { kind: "READ", ...(await readAlarmsOf(cloudWatch, instanceId)) };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    return { kind: "UNREAD", because: error.message };
  }
};

/** The same. Data volumes go along, and so does what backs them up. */
const readBackups = async (
  session: LinearSession<"backup">,
  original: InstanceFacts,
  replacement: ReplacementFacts,
): Promise<BackupsFound> => {
  const { backup } = await session.customer();
  const found: BackedUp[] = [];
  try {
    for (const part of partsThatStay(original, replacement)) {
      const one = await readBackedUp(backup, part);
      if (one !== undefined) found.push(one);
    }
    return { kind: "READ", found };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    return { kind: "UNREAD", because: error.message };
  }
};

/** Some four seconds at Route 53's pace. */
const mostPages = 20;

/** Undefined: no address was lost that a record could name. */
const readRecords = async (
  session: LinearSession<"route53">,
  original: InstanceFacts,
): Promise<RecordsFound | undefined> => {
  const names = oldNames(original);
  if (names.length === 0) return undefined;
  const { route53 } = await session.customer();
  const isMeant = (value: string): boolean => namesOneOf(value, names);
  try {
    return { kind: "READ", ...(await findRecords(route53, { isMeant, mostPages })) };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    return { kind: "UNREAD", because: error.message };
  }
};

export const readFollowUps = async (
  session: LinearSession<"backup" | "cloudWatch" | "route53">,
  replacement: ReplacementFacts,
): Promise<readonly string[]> => {
  const original = await readOriginal(session);
  const alarms = await readAlarms(session, original.instanceId);
  const backups = await readBackups(session, original, replacement);
  const records = await readRecords(session, original);
  return followUpsOf({
    original,
    replacement,
    alarms,
    backups,
    ...(records === undefined ? {} : { records }),
  });
};
