/**
 * Carry out: finishes what was begun, tells the owners of what was flagged, asks persons where it must, and stops what is due, one
 * instance after the other. Each effect is written down before it; a run that dies leaves what the next one looks at.
 */
import * as z from "zod";
import { regionOfTopic } from "../../../adapters/aws/sns.ts";
import { readFindingsIn, type StoredFinding } from "../../../adapters/store/enforcer.ts";
import { mayStopNow } from "../../../core/enforce/cap.ts";
import { dueOf, endsDue, endsToLookAt, isLookedAt, toLookAt } from "../../../core/enforce/due.ts";
import { warningOf } from "../../../core/enforce/grace.ts";
import { stopPlan, terminationPlan } from "../../../core/enforce/plans.ts";
import { inTurn } from "../../../core/enforce/turns.ts";
import type { Finding } from "../../../core/model/enforcer.ts";
import type { Step } from "../../runtime/step.ts";
import { oneByOne, type OneByOne } from "../../schedule/one-by-one.ts";
import { listEnforcedPlaces, type EnforcedPlace } from "../places.ts";
import { epochOf, ruleSetOf } from "../rules.ts";
import { askAbout } from "./agree.ts";
import { finishBegun, hasBegun } from "./finish.ts";
import { lookAt } from "./look.ts";
import {
  each,
  placeNow,
  requireLetGo,
  type CarryOutClients,
  type Context,
  type Run,
} from "./run.ts";
import { stopNow } from "./stop.ts";
import { tellAll } from "./tell.ts";
import { terminateNow } from "./terminate.ts";

const sessionName = "enforce-carry-out";

/** In a restored one nobody knows how far it went: the next reading comes first. */
const isOfThisTable = async (context: Context, { before }: EnforcedPlace): Promise<boolean> =>
  before?.epoch === (await epochOf(context.table));

/** Read since it was switched on and by the rules of now. */
const mayGoOn = ({ before, settings }: EnforcedPlace): boolean =>
  settings.mode === "ON" &&
  before?.ruleSet === ruleSetOf(settings) &&
  before.onSince === settings.onSince;

const openRun = async (
  context: Context,
  enforced: EnforcedPlace,
  turns: OneByOne,
): Promise<Run | undefined> => {
  const { account, place, settings } = enforced;
  const { topicArn } = settings;
  if (topicArn === undefined || !(await isOfThisTable(context, enforced))) return undefined;
  if (!mayGoOn(enforced) && !(await hasBegun(context.table, place))) return undefined;
  const clients = await context.customer(account, place.region, sessionName);
  const { sns } = await context.customer(account, regionOfTopic(topicArn), sessionName);
  return { context, enforced, clients, sns, topicArn, turns };
};

type Stored = readonly StoredFinding[];

const those = (stored: Stored, findings: readonly Finding[]): Stored =>
  stored.filter(({ finding }) => findings.includes(finding));

const untold = (stored: Stored): Stored =>
  stored.filter(({ finding }) => finding.status === "FLAGGED" && finding.flagNotice === undefined);

const andOn = { isEnough: false };

const ask = async (run: Run, asking: () => Promise<void>): Promise<void> => {
  const { place } = run.enforced;
  await run.turns.attempt(
    {
      name: `Nobody was asked about ${place.region} of account ${place.accountId}`,
      keys: { ...place },
    },
    asking,
  );
};

const findingsOf = (stored: Stored): readonly Finding[] => stored.map(({ finding }) => finding);

/** As they are stored once some were looked at. */
const afterLook = async (
  run: Run,
  stored: Stored,
  findings: readonly Finding[],
): Promise<{ readonly stored: Stored; readonly isWhole: boolean }> => {
  if (findings.length === 0) return { stored, isWhole: true };
  const isWhole = await lookAt(run, those(stored, findings));
  return { stored: await readFindingsIn(run.context.table, run.enforced.place), isWhole };
};

/** At most one stop a run: the next one comes five minutes later. */
const stopDue = async (run: Run, before: Stored): Promise<number> => {
  const { context } = run;
  const place = await placeNow(run);
  const listed = findingsOf(before);
  const toSee = toLookAt(dueOf(place, listed, context.now()), listed, context.now());
  const { stored, isWhole } = await afterLook(run, before, toSee);
  const due = dueOf(place, findingsOf(stored), context.now());
  const toAsk = due.ask.filter(isLookedAt);
  // A list that grew with each run would be a new question each time.
  if (isWhole && toAsk.length > 0) {
    const findings = those(stored, toAsk);
    const required = "More are due than the day's cap, or a stop would do more than stop.";
    await ask(run, () => askAbout(run, { findings, planOf: stopPlan, required }));
  }
  const now = context.now();
  const unwarned = due.stop.filter(
    (finding) => isLookedAt(finding) && warningOf(finding, now) === "NONE",
  );
  const told = await tellAll(run, those(stored, unwarned), { kind: "WARNING", place });
  const ready = due.stop.filter((finding) => warningOf(finding, now) === "OVER");
  if (mayStopNow(place, now)) {
    await each(run, those(stored, ready), async (one) => ({ isEnough: await stopNow(run, one) }));
  }
  return told;
};

const terminateDue = async (run: Run, before: Stored): Promise<void> => {
  const { context, enforced } = run;
  const { settings } = enforced;
  const toSee = endsToLookAt(settings, findingsOf(before), context.now());
  const { stored, isWhole } = await afterLook(run, before, toSee);
  const dueIn = (some: Stored): Stored =>
    those(some, endsDue(settings, findingsOf(some), context.now()));
  const findings = dueIn(stored);
  if (!isWhole || findings.length === 0) return;
  const required = "A termination can't be taken back.";
  await ask(run, () => askAbout(run, { findings, planOf: terminationPlan, required }));
  const again = await readFindingsIn(context.table, enforced.place);
  // Whoever has exempted one meanwhile is heard.
  await each(run, dueIn(again), (one) => terminateNow(run, one).then(() => andOn));
};

/** How many notices were accepted. */
const carryOut = async (run: Run): Promise<number> => {
  const { context, enforced } = run;
  await requireLetGo(run);
  const done = await finishBegun(run);
  if (!mayGoOn(enforced)) return done;
  const place = await placeNow(run);
  if (place.paused !== undefined) return done;
  const stored = await readFindingsIn(context.table, enforced.place);
  const flagged = await tellAll(run, untold(stored), { kind: "FLAG", place });
  const warned = await stopDue(run, await readFindingsIn(context.table, enforced.place));
  await terminateDue(run, await readFindingsIn(context.table, enforced.place));
  return flagged + done + warned;
};

const outputSchema = z.object({ kind: z.literal("CARRIED_OUT"), summary: z.string() });
export type CarriedOut = z.infer<typeof outputSchema>;

export const carryOutStep: Step<unknown, CarriedOut, Context> = {
  name: "enforce-carry-out",
  clients: ["autoScaling", "ec2", "ecs", "elb", "sns"] satisfies readonly CarryOutClients[],
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const counts = { places: 0, told: 0 };
    const turns = oneByOne(context);
    const { on, off } = await listEnforcedPlaces(context.table, context.now());
    for (const enforced of inTurn([...on, ...off], context.now())) {
      if (!turns.hasTime()) break;
      const { place } = enforced;
      const item = {
        name: `Nothing was carried out in ${place.region} of account ${place.accountId}`,
        keys: { ...place },
      };
      await turns.attempt(item, async () => {
        const run = await openRun(context, enforced, turns);
        if (run === undefined) return;
        counts.places += 1;
        counts.told += await carryOut(run);
      });
    }
    turns.finish();
    return {
      kind: "CARRIED_OUT",
      summary: `${String(counts.places)} places looked at, ${String(counts.told)} notices accepted.`,
    };
  },
};
