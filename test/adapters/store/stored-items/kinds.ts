/**
 * Every kind of item in the state table: how a sample is stored through the store's own functions, how it is read, and what
 * must come out. Fixtures are written by it, and read again after each change of the store.
 */
import { createAccount, getAccount } from "../../../../adapters/store/accounts.ts";
import { readEbsStanding, updateEbsStanding } from "../../../../adapters/store/ebs-standings.ts";
import { getAbsence, listAbsencesIn, writeAbsence } from "../../../../adapters/store/absences.ts";
import {
  notePolicySetter,
  readApprovalSettings,
  readApprovalsVoid,
  readPolicySetter,
  setApprovalSettings,
  voidApprovals,
} from "../../../../adapters/store/approval-settings.ts";
import { askFor, getApproval, listApprovals } from "../../../../adapters/store/approvals.ts";
import { appendAudit, listAudit, type AuditEntry } from "../../../../adapters/store/audit.ts";
import { updateCallBudget } from "../../../../adapters/store/call-budgets.ts";
import { makeClaims, readClaim } from "../../../../adapters/store/claims.ts";
import {
  loadFleetRows,
  noteForgotten,
  readFleetOverview,
  readFleetPlace,
  saveFleetRows,
  updateFleetPlace,
} from "../../../../adapters/store/fleet.ts";
import { registeredRow } from "../../../../core/model/fleet-row.ts";
import { fleetPlaceSample, fleetRowSample, newsTarget } from "./fleet-samples.ts";
import { keepDeploymentId } from "../../../../adapters/store/deployment.ts";
import {
  appendEffect,
  createEvaluation,
  getEvaluation,
  loadEvaluation,
  loadStory,
  listEffects,
  listEvaluations,
  loadFacts,
  loadChosen,
  loadOffers,
  saveFacts,
  saveChosen,
  saveOffers,
  updateEvaluation,
} from "../../../../adapters/store/evaluations.ts";
import {
  beginRequest,
  finishRequest,
  noteReference,
} from "../../../../adapters/store/idempotency.ts";
import {
  commitIntents,
  listDueIntents,
  listIntents,
  planIntent,
} from "../../../../adapters/store/intents.ts";
import {
  digestOf,
  loadJudgedBody,
  saveJudgedBody,
} from "../../../../adapters/store/judged-bodies.ts";
import {
  getJudged,
  listEndedRuns,
  writeEndedRun,
  writeJudged,
} from "../../../../adapters/store/judged-runs.ts";
import {
  addToMessage,
  getMessage,
  listMessages,
  updateMessage,
} from "../../../../adapters/store/messages.ts";
import {
  readNoticeSettings,
  updateNoticeSettings,
} from "../../../../adapters/store/notice-settings.ts";
import { readOutbox, tell } from "../../../../adapters/store/outbox.ts";
import { readWatchedEnds, writeWatchedEnds } from "../../../../adapters/store/watched-ends.ts";
import { listSpotBackoffs, updateSpotBackoff } from "../../../../adapters/store/spot-backoffs.ts";
import { keepLook, listKeptLooks } from "../../../../adapters/store/kept-looks.ts";
import { loadKeptLaunch, saveKeptLaunch } from "../../../../adapters/store/kept-launches.ts";
import { factsKey } from "../../../../adapters/store/keys.ts";
import { readFindByTags, setFindByTags } from "../../../../adapters/store/find-by-tags.ts";
import {
  listLedgerDays,
  listLedgerMonths,
  putLedgerDay,
  putLedgerMonth,
} from "../../../../adapters/store/ledger-days.ts";
import { listLedgerHours, putLedgerHours } from "../../../../adapters/store/ledger-hours.ts";
import {
  listShadowMonths,
  readShadowMonth,
  updateShadowMonth,
} from "../../../../adapters/store/ledger-shadows.ts";
import {
  listLedgerPlaces,
  readLedgerPlace,
  updateLedgerPlace,
} from "../../../../adapters/store/ledger-places.ts";
import { updateLedgerPrices } from "../../../../adapters/store/ledger-prices.ts";
import { addKeptSnapshot, listKeptSnapshots } from "../../../../adapters/store/ledger-snapshots.ts";
import { listEndedSpans, listOpenSpans, putSpan } from "../../../../adapters/store/ledger-spans.ts";
import {
  endedSpan,
  keptPrices,
  keptSnapshot,
  ledgerDay,
  ledgerMonth,
  ledgerPlace,
  ledgerProduct,
  openSpan,
  shadowMonth,
  shadowMonthOfGroup,
  targetHours,
  withDigits,
} from "./ledger-samples.ts";
import { getKillSwitch, setKillSwitch } from "../../../../adapters/store/kill-switch.ts";
import { addLaunchTurn, listLaunchTurns } from "../../../../adapters/store/launch-turns.ts";
import {
  askForReading,
  getSharedReading,
  keepSharedReading,
  listAskedFor,
  takeLead,
} from "../../../../adapters/store/shared-readings.ts";
import { listOffBoardings, writeOffBoarding } from "../../../../adapters/store/off-boardings.ts";
import {
  noteRestoredTable,
  readRestore,
  readRestoredTable,
  updateRestore,
} from "../../../../adapters/store/restores.ts";
import { listWatched, noteWatched } from "../../../../adapters/store/watched-places.ts";
import type { ReadingLead } from "../../../../core/model/shared-reading.ts";
import { acquireLease, readLease, releaseLease } from "../../../../adapters/store/leases.ts";
import { currentMarket, loadMarket, saveMarket } from "../../../../adapters/store/markets.ts";
import { getModel, loadModelFile, registerModel } from "../../../../adapters/store/models.ts";
import {
  listPlaceStandings,
  updatePlaceStanding,
} from "../../../../adapters/store/place-standings.ts";
import { listPoolCosts, replacePoolCosts } from "../../../../adapters/store/pool-costs.ts";
import {
  liftQuarantine,
  listQuarantines,
  readQuarantine,
  setQuarantine,
} from "../../../../adapters/store/pool-quarantines.ts";
import {
  listLosses,
  listRefusals,
  recordLoss,
  recordRefusal,
} from "../../../../adapters/store/pools.ts";
import {
  createPreflight,
  getPreflight,
  listPreflightPlaces,
  loadPreflightRows,
  savePreflightRows,
  updatePreflightPlace,
} from "../../../../adapters/store/preflights.ts";
import {
  listEnforcerPlaces,
  readEnforcerPlace,
  readEnforcerSettings,
  readFindingsIn,
  updateEnforcerPlace,
  updateEnforcerSettings,
  writeFinding,
} from "../../../../adapters/store/enforcer.ts";
import { listGovernance } from "../../../../adapters/store/governance.ts";
import { noteRaisedMax, readRaisedMax } from "../../../../adapters/store/raised-maxima.ts";
import { keepSpotEvent, listSpotEvents } from "../../../../adapters/store/spot-events.ts";
import {
  addSpotInstance,
  listSpotInstances,
  putSpotInstance,
} from "../../../../adapters/store/spot-instances.ts";
import { courseAmong, updateCourse } from "../../../../adapters/store/course.ts";
import { updateSwap } from "../../../../adapters/store/swaps.ts";
import { readSwitching, updateSwitching } from "../../../../adapters/store/switching.ts";
import type { Table } from "../../../../adapters/store/table.ts";
import { createTarget, getTarget, listTargets } from "../../../../adapters/store/targets.ts";
import {
  listReadings,
  listUnclaimed,
  noteReading,
  readUnclaimedIn,
  writeUnclaimed,
} from "../../../../adapters/store/unclaimed.ts";
import {
  getWaste,
  listDueWaste,
  noteScan,
  readWasteIn,
  readScan,
  writeWaste,
} from "../../../../adapters/store/waste-findings.ts";
import { readWasteSettings, setWasteSettings } from "../../../../adapters/store/waste-settings.ts";
import type { CallBudget } from "../../../../core/model/call-budget.ts";
import { totalsOf } from "../../../../core/decide/fleet/preflight/totals.ts";
import { deploymentIdSchema, preflightIdSchema } from "../../../../core/model/ids.ts";
import type { Preflight, PreflightPlace } from "../../../../core/model/preflight.ts";
import { onceRow } from "../../../core/decide/fleet/preflight/rows.ts";
import { logisticSample } from "../../../core/risk/model-samples.ts";
import { accountId, after, at, evaluationId, instanceId, targetId } from "../examples.ts";
import { splitIntoParts } from "./parts.ts";
import {
  absence,
  approval,
  approvalSettings,
  findingsApproval,
  callBudget,
  launchTurns,
  readingLead,
  offBoarding,
  restore,
  restoredTable,
  watchedPlace,
  sharedHealth,
  clusterEvaluation,
  clusterTarget,
  connected,
  course,
  deploymentId,
  dueIntent,
  ebsStanding,
  enforcerPlace,
  enforcerSettings,
  effect,
  factsOn,
  finding,
  judgedRun,
  keptGroupLook,
  keptLook,
  spotBackoff,
  kubernetesEvaluation,
  kubernetesTarget,
  launchIntent,
  linearEvaluation,
  linearTarget,
  market,
  model,
  chosen,
  offer,
  placeStanding,
  pool,
  poolCost,
  poolQuarantine,
  raisedMax,
  spotEvents,
  spotInstance,
  swap,
  switching,
  unclaimed,
  wasteFinding,
  wasteSettings,
  message,
  memberNotice,
  notice,
  noticeSettings,
  watchedEnds,
} from "./samples.ts";

export interface StoredKind {
  /** Exports of adapters/store/keys.ts that name its items. */
  readonly keys: readonly string[];
  readonly write: (table: Table) => Promise<unknown>;
  readonly read: (table: Table) => Promise<unknown>;
  /** What is read: plain JSON. */
  readonly value: unknown;
}

const evaluations = [linearEvaluation, clusterEvaluation, kubernetesEvaluation];
const targets = [linearTarget, clusterTarget, kubernetesTarget];
const claims = ["INSTANCE#i-1", "GROUP#1#eu-central-1#web", "NODE_GROUP#1#eu-central-1#prod#web"];
const { evaluationId: id } = linearEvaluation;
const { region, product } = market;
/** The reference alone is stored: what it names is a kind of its own. */
const facts = factsOn("0f5d1b0c");

const findByTags = { tags: { team: "payments" }, updatedAt: at(0) };
const preflightId = preflightIdSchema.parse("pfl-0000000001");
const preflight: Preflight = {
  preflightId,
  accountId,
  regions: [region],
  requestedBy: "arn:aws:iam::111122223333:role/Operator",
  requestedAt: at(0),
};
const preflightPlace: PreflightPlace = {
  preflightId,
  region,
  status: "DONE",
  readAt: at(1),
  notedAt: at(2),
  pages: 1,
  rows: 1,
  lookedAt: 0,
  toLookAt: 0,
  totals: totalsOf([onceRow]),
};

const request = { key: "operator#key-1", bodyHash: "hash-1", now: after(0) };
const audited: AuditEntry = {
  at: at(0),
  actor: "arn:aws:iam::111122223333:role/Operator",
  action: "CREATE_TARGET",
  resource: targetId(1),
  detail: { pipeline_mode: "LINEAR" },
};
const killSwitch = { engaged: true, reason: "An incident.", by: "operator" };
const lease = { resource: `instance#${accountId}#i-1`, owner: id };
const claimed = { targetId: targetId(1), claimedAt: at(0) };
const poolEvent = { pool, at: at(5), what: "i-1", evaluationId: evaluationId(1) };
const { zoneId, instanceType } = pool;

const { closed: _closed, ...beingDeleted } = wasteFinding;
const wasteScan = { dueAt: at(60), readAt: at(0), incomplete: ["OLD_SNAPSHOT"] };
const budgetOf = { place: { accountId, region }, family: "RUN_INSTANCES" } as const;
const judgedIn = { accountId, region };
const judgedBody = { digest: digestOf({ subject: "as it was" }), body: { subject: "as it was" } };
const raisedGroup = { accountId, region, asgName: "web-blue" };

export const storedKinds: Readonly<Record<string, StoredKind>> = {
  absence: {
    keys: ["absenceKey", "absentPartition"],
    write: (table) => writeAbsence(table, absence, undefined),
    read: async (table) => ({
      own: await getAbsence(table, judgedIn, absence.targetId),
      all: [...(await listAbsencesIn(table, judgedIn)).values()],
    }),
    value: { own: absence, all: [{ absence, version: 1 }] },
  },
  account: {
    keys: ["accountKey"],
    write: (table) => createAccount(table, connected),
    read: (table) => getAccount(table, connected.accountId),
    value: connected,
  },
  audit: {
    keys: ["auditPartition"],
    write: (table) => appendAudit(table, audited),
    read: async (table) => (await listAudit(table, { limit: 10 })).items,
    value: [audited],
  },
  "call-budget": {
    keys: ["callBudgetKey", "callBudgetPrefix"],
    write: (table) => updateCallBudget(table, budgetOf, () => callBudget),
    read: async (table) => {
      let stored: CallBudget | undefined;
      await updateCallBudget(table, budgetOf, (budget) => (stored = budget));
      return stored;
    },
    value: callBudget,
  },
  claim: {
    keys: ["claimKey"],
    write: (table) => makeClaims(table, claimed, claims),
    read: (table) => Promise.all(claims.map((name) => readClaim(table, name))),
    value: claims.map((name) => ({ name, ...claimed })),
  },
  deployment: {
    keys: ["deploymentKey"],
    write: (table) => keepDeploymentId(table, deploymentId),
    read: (table) => keepDeploymentId(table, deploymentIdSchema.parse("dpl-9999999999")),
    value: deploymentId,
  },
  effect: {
    keys: ["effectPrefix"],
    write: (table) => appendEffect(table, id, effect),
    read: (table) => listEffects(table, id),
    value: [effect],
  },
  evaluation: {
    keys: ["evaluationKey"],
    write: async (table) => {
      for (const evaluation of evaluations) await createEvaluation(table, evaluation);
    },
    read: async (table) => ({
      each: await Promise.all(evaluations.map((one) => getEvaluation(table, one.evaluationId))),
      listed: (await listEvaluations(table, { targetId: targetId(1), limit: 10 })).items,
    }),
    value: { each: evaluations, listed: [linearEvaluation] },
  },
  "evaluation-under-way": {
    keys: ["progressKey", "phaseKey", "phasePrefix"],
    write: async (table) => {
      const { phases, waits, progress } = linearEvaluation;
      await createEvaluation(table, { ...linearEvaluation, phases: [], waits: {}, progress: {} });
      await updateEvaluation(table, id, (record) => ({ ...record, phases }));
      await updateEvaluation(table, id, () => ({ ...linearEvaluation, phases, waits, progress }));
    },
    read: async (table) => (await loadStory(table, id))?.evaluation,
    // Each write of one of its items is counted.
    value: { ...linearEvaluation, version: linearEvaluation.version + 1 },
  },
  facts: {
    keys: ["factsKey"],
    write: (table) => saveFacts(table, id, facts),
    read: (table) => loadFacts(table, id),
    value: facts,
  },
  "facts-in-parts": {
    keys: ["factsKey"],
    write: async (table) => {
      await saveFacts(table, id, facts);
      await splitIntoParts(table, factsKey(id));
    },
    read: (table) => loadFacts(table, id),
    value: facts,
  },
  intent: {
    keys: ["intentKey", "intentPrefix"],
    write: async (table) => {
      await planIntent(table, id, launchIntent);
      await planIntent(table, id, dueIntent);
    },
    read: async (table) => ({
      plan: await listIntents(table, id),
      due: await listDueIntents(table, { now: after(1800), limit: 10 }),
    }),
    value: {
      plan: [launchIntent, dueIntent],
      due: [{ evaluationId: id, intent: dueIntent }],
    },
  },
  commitment: {
    keys: ["commitmentKey"],
    write: async (table) => {
      await planIntent(table, id, launchIntent);
      await commitIntents(table, id, { committedAt: at(900), change: (intent) => intent });
    },
    read: (table) => listIntents(table, id),
    value: [{ ...launchIntent, status: "COMMITTED" }],
  },
  "kill-switch": {
    keys: ["killSwitchKey"],
    write: async (table) => {
      await setKillSwitch(table, { scope: "global", ...killSwitch, now: after(0) });
      await setKillSwitch(table, { scope: accountId, ...killSwitch, now: after(0) });
    },
    read: async (table) => [
      await getKillSwitch(table, "global"),
      await getKillSwitch(table, accountId),
    ],
    value: ["global", accountId].map((scope) => ({ scope, ...killSwitch, at: at(0) })),
  },
  "asked-for": {
    keys: ["askedKey", "askedPrefix", "sharedReadingsPartition"],
    write: (table) => askForReading(table, judgedIn, { instanceId: instanceId(1), at: at(2) }),
    read: (table) => listAskedFor(table, judgedIn, at(1)),
    value: [instanceId(1)],
  },
  "reading-lead": {
    keys: ["readingLeadKey"],
    write: (table) => takeLead(table, judgedIn, () => readingLead),
    read: async (table) => {
      let stored: ReadingLead | undefined;
      await takeLead(table, judgedIn, (lead) => {
        stored = lead;
        return undefined;
      });
      return stored;
    },
    value: readingLead,
  },
  "shared-reading": {
    keys: ["sharedReadingKey"],
    write: (table) =>
      keepSharedReading(table, judgedIn, { beganAt: at(2), healths: [sharedHealth] }),
    read: (table) => getSharedReading(table, judgedIn),
    value: { beganAt: at(2), healths: [sharedHealth] },
  },
  watched: {
    keys: ["watchedPartition", "watchedPlaceKey"],
    write: (table) => noteWatched(table, watchedPlace),
    read: (table) => listWatched(table),
    value: [watchedPlace],
  },
  restore: {
    keys: ["restoreKey"],
    write: (table) => updateRestore(table, () => restore),
    read: readRestore,
    value: restore,
  },
  "restored-table": {
    keys: ["restoredTableKey"],
    write: (table) => noteRestoredTable(table, restoredTable),
    read: readRestoredTable,
    value: restoredTable,
  },
  "off-boarding": {
    keys: ["offBoardingKey", "offBoardingPartition"],
    write: (table) => writeOffBoarding(table, offBoarding),
    read: (table) => listOffBoardings(table),
    value: [offBoarding],
  },
  "launch-turn": {
    keys: ["launchTurnKey", "launchTurnsPartition"],
    write: async (table) => {
      for (const turn of launchTurns) await addLaunchTurn(table, budgetOf.place, turn);
    },
    read: (table) => listLaunchTurns(table, budgetOf.place, at(0)),
    value: launchTurns,
  },
  lease: {
    keys: ["leaseKey"],
    write: async (table) => {
      const asked = { ...lease, now: after(0), seconds: 900, begins: true };
      await acquireLease(table, asked);
      await releaseLease(table, { ...lease, fence: 1 });
      await acquireLease(table, asked);
    },
    read: (table) => readLease(table, lease.resource),
    value: {
      ...lease,
      fence: 2,
      expiresAt: at(900),
      isReleased: false,
      begunBy: lease.owner,
    },
  },
  loss: {
    keys: ["lossPrefix", "reportKey"],
    write: (table) => recordLoss(table, poolEvent),
    read: (table) => listLosses(table, { region, since: at(0) }),
    value: [{ zoneId, instanceType, at: at(5) }],
  },
  "pool-cost": {
    keys: ["poolCostKey", "poolCostsOfPrefix", "poolCostPrefix"],
    write: async (table) => {
      await replacePoolCosts(table, { accountId, region }, [
        { ...poolCost, pool: { ...pool, product: "Windows" } },
        { ...poolCost, targets: 1 },
      ]);
      await replacePoolCosts(table, { accountId, region }, [poolCost]);
    },
    read: async (table) => ({
      all: await listPoolCosts(table, { region, since: after(0) }),
      later: await listPoolCosts(table, { region, since: after(7200) }),
    }),
    value: { all: [poolCost], later: [] },
  },
  "pool-quarantine": {
    keys: ["poolQuarantineKey", "quarantinePrefix"],
    write: async (table) => {
      const other = { ...pool, product: "Windows" };
      await setQuarantine(table, { ...poolQuarantine, pool: other });
      await liftQuarantine(table, other);
      await setQuarantine(table, poolQuarantine);
    },
    read: async (table) => ({
      own: await readQuarantine(table, pool),
      all: await listQuarantines(table, { region, now: after(0) }),
      later: await listQuarantines(table, { region, now: after(86_400) }),
    }),
    value: { own: poolQuarantine, all: [poolQuarantine], later: [] },
  },
  market: {
    keys: ["currentMarketKey", "marketKey"],
    write: (table) => saveMarket(table, market, at(-600)),
    read: async (table) => {
      const current = await currentMarket(table, { region, product });
      const { digest } = current ?? { digest: "" };
      return { asOf: current?.asOf, market: await loadMarket(table, { region, product, digest }) };
    },
    value: { asOf: at(-600), market },
  },
  model: {
    keys: ["modelKey", "modelFileKey"],
    write: (table) => registerModel(table, model, logisticSample),
    read: async (table) => ({
      record: await getModel(table, model.version),
      file: await loadModelFile(table, model),
    }),
    value: { record: model, file: logisticSample },
  },
  "kept-launch": {
    keys: ["keptLaunchKey"],
    write: (table) => saveKeptLaunch(table, id, { blueprint: { keyName: "ops" } }),
    read: (table) => loadKeptLaunch(table, id),
    value: { blueprint: { keyName: "ops" } },
  },
  offers: {
    keys: ["offersKey"],
    write: (table) => saveOffers(table, id, [offer]),
    read: (table) => loadOffers(table, id),
    value: [offer],
  },
  "offers-of-group": {
    keys: ["offersKey"],
    write: (table) => saveChosen(table, id, chosen),
    read: (table) => loadChosen(table, id),
    value: chosen,
  },
  refusal: {
    keys: ["refusalPrefix", "reportKey"],
    write: (table) => recordRefusal(table, poolEvent),
    read: (table) => listRefusals(table, { region, since: at(0) }),
    value: [{ zoneId, instanceType, at: at(5) }],
  },
  request: {
    keys: ["requestKey"],
    write: async (table) => {
      await beginRequest(table, request);
      await noteReference(table, request.key, id);
      await finishRequest(table, { key: request.key, status: 202, body: { evaluation_id: id } });
    },
    read: (table) => beginRequest(table, request),
    value: { kind: "REPLAY", status: 202, body: { evaluation_id: id } },
  },
  course: {
    keys: ["courseKey"],
    write: async (table) => {
      await createEvaluation(table, linearEvaluation);
      await updateCourse(table, { evaluationId: id, change: () => course });
    },
    read: async (table) => courseAmong((await loadEvaluation(table, id))?.items ?? []),
    value: course,
  },
  swap: {
    keys: ["swapKey", "swapPrefix"],
    write: async (table) => {
      await createEvaluation(table, linearEvaluation);
      await updateSwap(table, { evaluationId: id, swapId: swap.swapId, change: () => swap });
    },
    read: async (table) => (await loadEvaluation(table, id))?.swaps,
    value: [swap],
  },
  "ebs-standing": {
    keys: ["ebsStandingKey"],
    write: (table) => updateEbsStanding(table, { accountId, region }, () => ebsStanding),
    read: (table) => readEbsStanding(table, { accountId, region }),
    value: ebsStanding,
  },
  "judged-body": {
    keys: ["judgedBodyKey", "judgedBodiesPartition"],
    write: (table) => saveJudgedBody(table, judgedIn, judgedBody),
    read: (table) => loadJudgedBody(table, judgedIn, judgedBody.digest),
    value: judgedBody.body,
  },
  "judged-run": {
    keys: ["judgedKey", "judgedPartition", "endedRunKey", "endedRunPrefix"],
    write: async (table) => {
      await writeJudged(table, judgedIn, { run: judgedRun, version: undefined });
      await writeEndedRun(table, judgedRun);
    },
    read: async (table) => ({
      current: await getJudged(table, judgedIn, judgedRun.targetId),
      ended: (await listEndedRuns(table, { targetId: judgedRun.targetId, limit: 10 })).items,
    }),
    value: { current: judgedRun, ended: [judgedRun] },
  },
  "kept-look": {
    keys: ["lookKey", "looksPartition"],
    write: (table) => keepLook(table, judgedIn, keptLook),
    read: async (table) => [...(await listKeptLooks(table, judgedIn)).values()],
    value: [keptLook],
  },
  "kept-group-look": {
    keys: ["lookKey", "looksPartition"],
    write: (table) => keepLook(table, judgedIn, keptGroupLook),
    read: async (table) => [...(await listKeptLooks(table, judgedIn)).values()],
    value: [keptGroupLook],
  },
  "spot-backoff": {
    keys: ["backoffKey", "backoffPartition"],
    write: (table) =>
      updateSpotBackoff(
        table,
        { place: judgedIn, targetId: spotBackoff.targetId },
        () => spotBackoff,
      ),
    read: async (table) => [...(await listSpotBackoffs(table, judgedIn)).values()],
    value: [spotBackoff],
  },
  "spot-instance": {
    keys: ["spotInstanceKey", "spotPartition", "spotPrefix"],
    write: async (table) => {
      await addSpotInstance(table, spotInstance);
      await putSpotInstance(table, { ...spotInstance, instanceId: instanceId(2) });
    },
    read: async (table) => [
      ...(await listSpotInstances(table, { accountId, region: spotInstance.region })).values(),
    ],
    value: [spotInstance, { ...spotInstance, instanceId: instanceId(2) }],
  },
  told: {
    keys: ["spotEventKey", "toldPartition"],
    write: async (table) => {
      for (const event of spotEvents) await keepSpotEvent(table, event);
    },
    read: async (table) =>
      (await listSpotEvents(table, { accountId, region: "eu-central-1" })).toSorted((one, other) =>
        one.kind.localeCompare(other.kind),
      ),
    value: spotEvents.toSorted((one, other) => one.kind.localeCompare(other.kind)),
  },
  "place-standing": {
    keys: ["placeStandingKey", "placeStandingPrefix"],
    write: (table) => updatePlaceStanding(table, judgedIn, () => placeStanding),
    read: (table) => listPlaceStandings(table, accountId),
    value: [placeStanding],
  },
  "raised-maximum": {
    keys: ["raisedMaxKey"],
    write: (table) => noteRaisedMax(table, raisedGroup, raisedMax),
    read: (table) => readRaisedMax(table, raisedGroup),
    value: raisedMax,
  },
  preflight: {
    keys: [
      "preflightKey",
      "preflightPartition",
      "preflightPlaceKey",
      "preflightPlacePrefix",
      "preflightRowsKey",
    ],
    write: async (table) => {
      await createPreflight(table, preflight);
      await savePreflightRows(table, { preflightId, region, page: 0 }, [onceRow]);
      await updatePreflightPlace(table, preflightPlace, () => preflightPlace);
    },
    read: async (table) => ({
      record: await getPreflight(table, preflightId),
      places: await listPreflightPlaces(table, preflightId),
      rows: await loadPreflightRows(table, { preflightId, region, page: 0 }),
    }),
    value: { record: preflight, places: [preflightPlace], rows: [onceRow] },
  },
  "find-by-tags": {
    keys: ["findByTagsKey"],
    write: (table) => setFindByTags(table, accountId, findByTags),
    read: (table) => readFindByTags(table, accountId),
    value: findByTags,
  },
  approval: {
    keys: ["approvalKey"],
    write: (table) => askFor(table, approval),
    read: async (table) => [
      await getApproval(table, approval.approvalId),
      ...(await listApprovals(table, { limit: 10 })).items,
      ...(await listApprovals(table, { about: { targetId: approval.targetId }, limit: 10 })).items,
    ],
    value: [approval, approval, approval],
  },
  "findings-approval": {
    keys: ["approvalKey"],
    write: (table) => askFor(table, findingsApproval),
    read: async (table) => {
      const { accountId, kind, bounds } = findingsApproval;
      const about = { accountId, region, kind, subject: bounds.subject };
      return [
        await getApproval(table, findingsApproval.approvalId),
        ...(await listApprovals(table, { about, askedSince: at(1), limit: 10 })).items,
      ];
    },
    value: [findingsApproval, findingsApproval],
  },
  "approval-settings": {
    keys: ["approvalSettingsKey"],
    write: (table) => setApprovalSettings(table, accountId, approvalSettings),
    read: (table) => readApprovalSettings(table, accountId),
    value: approvalSettings,
  },
  "approvals-void": {
    keys: ["approvalsVoidKey"],
    write: (table) => voidApprovals(table, at(1)),
    read: readApprovalsVoid,
    value: at(1),
  },
  "policy-setter": {
    keys: ["policySetterKey"],
    write: (table) => notePolicySetter(table, targetId(1), { by: approval.askedBy, at: at(1) }),
    read: (table) => readPolicySetter(table, targetId(1)),
    value: approval.askedBy,
  },
  switching: {
    keys: ["switchingKey"],
    write: (table) => updateSwitching(table, accountId, () => switching),
    read: (table) => readSwitching(table, accountId),
    value: switching,
  },
  target: {
    keys: ["targetKey"],
    write: async (table) => {
      for (const target of targets) await createTarget(table, target);
    },
    read: async (table) => ({
      each: await Promise.all(targets.map((target) => getTarget(table, target.targetId))),
      listed: (await listTargets(table, { accountId, limit: 10 })).items,
    }),
    value: { each: targets, listed: targets },
  },
  unclaimed: {
    keys: ["unclaimedKey", "placePartition", "unclaimedPartition", "unclaimedOfPartition"],
    write: (table) => writeUnclaimed(table, unclaimed, undefined),
    read: async (table) => ({
      inPlace: (await readUnclaimedIn(table, unclaimed)).map(({ row }) => row),
      listed: (await listUnclaimed(table, { limit: 10 })).items,
      listedOf: (await listUnclaimed(table, { accountId, limit: 10 })).items,
    }),
    value: { inPlace: [unclaimed], listed: [unclaimed], listedOf: [unclaimed] },
  },
  "enforcer-settings": {
    keys: ["enforcerSettingsKey"],
    write: (table) => updateEnforcerSettings(table, accountId, () => enforcerSettings),
    read: (table) => readEnforcerSettings(table, accountId),
    value: enforcerSettings,
  },
  "enforcer-place": {
    keys: ["enforcerPlaceKey", "enforcerPlacesPartition"],
    write: (table) => updateEnforcerPlace(table, enforcerPlace, () => enforcerPlace),
    read: async (table) => ({
      one: await readEnforcerPlace(table, enforcerPlace),
      all: await listEnforcerPlaces(table),
    }),
    value: { one: enforcerPlace, all: [enforcerPlace] },
  },
  finding: {
    keys: [
      "findingKey",
      "findingsPartition",
      "findingsPrefix",
      "governancePartition",
      "governanceOfPartition",
    ],
    write: (table) => writeFinding(table, finding, undefined),
    read: async (table) => ({
      inPlace: (await readFindingsIn(table, finding)).map((stored) => stored.finding),
      listed: (await listGovernance(table, { limit: 10 })).items,
      listedOf: (await listGovernance(table, { accountId, limit: 10 })).items,
    }),
    value: {
      inPlace: [finding],
      listed: [{ kind: "UNOWNED_INSTANCE", finding }],
      listedOf: [{ kind: "UNOWNED_INSTANCE", finding }],
    },
  },
  "ledger-spans": {
    keys: ["openSpanKey", "openSpanPrefix", "endedSpanKey", "endedSpanPrefix", "ledgerPartition"],
    write: async (table) => {
      await putSpan(table, openSpan);
      await putSpan(table, endedSpan);
    },
    read: async (table) => ({
      open: [...(await listOpenSpans(table, ledgerPlace)).values()],
      ended: await listEndedSpans(table, ledgerPlace, at(0)),
    }),
    value: { open: [openSpan], ended: [endedSpan] },
  },
  "fleet-place": {
    keys: ["fleetPlaceKey", "fleetPartition", "fleetPlacePrefix"],
    write: (table) => updateFleetPlace(table, fleetPlaceSample, () => fleetPlaceSample),
    read: async (table) => ({
      one: await readFleetPlace(table, fleetPlaceSample),
      all: (await readFleetOverview(table)).places,
    }),
    value: { one: fleetPlaceSample, all: [fleetPlaceSample] },
  },
  "fleet-news": {
    keys: ["fleetNewsKey", "fleetNewsPrefix"],
    write: (table) => noteForgotten(table, newsTarget),
    read: async (table) => (await readFleetOverview(table)).news,
    value: [{ ...registeredRow(newsTarget), isGone: true }],
  },
  "fleet-rows": {
    keys: ["fleetRowsKey", "fleetRowsPartition"],
    write: (table) => saveFleetRows(table, fleetPlaceSample, [fleetRowSample]),
    read: (table) => loadFleetRows(table, fleetPlaceSample),
    value: [fleetRowSample],
  },
  "ledger-place": {
    keys: ["ledgerPlaceKey", "ledgerPlacesPartition"],
    write: (table) => updateLedgerPlace(table, ledgerPlace, () => ledgerPlace),
    read: async (table) => ({
      one: await readLedgerPlace(table, ledgerPlace),
      all: await listLedgerPlaces(table),
    }),
    value: { one: ledgerPlace, all: [ledgerPlace] },
  },
  "ledger-snapshot": {
    keys: ["keptSnapshotKey", "keptSnapshotPrefix"],
    write: (table) =>
      addKeptSnapshot(table, ledgerPlace, { snapshot: keptSnapshot, now: new Date(at(0)) }),
    read: (table) => listKeptSnapshots(table, ledgerPlace),
    value: [keptSnapshot],
  },
  "ledger-prices": {
    keys: ["ledgerPricesKey"],
    write: (table) => updateLedgerPrices(table, ledgerProduct, () => keptPrices),
    read: (table) => updateLedgerPrices(table, ledgerProduct, (stored) => stored ?? keptPrices),
    value: keptPrices,
  },
  "ledger-day": {
    keys: ["ledgerDayKey", "ledgerDayPrefix", "ledgerOfPartition"],
    write: (table) => putLedgerDay(table, ledgerDay),
    read: async (table) =>
      withDigits(await listLedgerDays(table, { targetId: ledgerDay.targetId, month: "2026-03" })),
    value: withDigits([ledgerDay]),
  },
  "ledger-month": {
    keys: ["ledgerMonthKey", "ledgerMonthPartition", "ledgerMonthPrefix"],
    write: (table) => putLedgerMonth(table, ledgerMonth),
    read: async (table) =>
      withDigits([
        await listLedgerMonths(table, { month: "2026-03" }),
        await listLedgerMonths(table, { month: "2026-03", accountId }),
      ]),
    value: withDigits([[ledgerMonth], [ledgerMonth]]),
  },
  "ledger-shadow-month": {
    keys: ["shadowMonthKey", "shadowMonthPartition"],
    write: (table) => updateShadowMonth(table, shadowMonth, () => shadowMonth),
    read: async (table) => [
      withDigits(await readShadowMonth(table, shadowMonth)),
      withDigits(await listShadowMonths(table, { month: shadowMonth.month })),
    ],
    value: [withDigits(shadowMonth), withDigits([shadowMonth])],
  },
  "ledger-shadow-month-of-group": {
    keys: ["shadowMonthKey"],
    write: (table) => updateShadowMonth(table, shadowMonthOfGroup, () => shadowMonthOfGroup),
    read: async (table) => withDigits(await readShadowMonth(table, shadowMonthOfGroup)),
    value: withDigits(shadowMonthOfGroup),
  },
  "ledger-hours": {
    keys: ["ledgerHoursKey", "ledgerHoursPartition", "ledgerHoursPrefix"],
    write: (table) => putLedgerHours(table, targetHours),
    read: async (table) =>
      (await listLedgerHours(table, { accountId, day: targetHours.day, limit: 10 })).targets,
    value: [targetHours],
  },
  "waste-finding": {
    keys: ["wasteFindingKey", "wasteFindingPrefix", "wastePartition", "wasteIdPartition"],
    write: (table) => writeWaste(table, wasteFinding, undefined),
    read: async (table) => ({
      inPlace: await readWasteIn(table, wasteFinding),
      byId: await getWaste(table, wasteFinding.findingId),
    }),
    value: { inPlace: [{ finding: wasteFinding, version: 1 }], byId: wasteFinding },
  },
  "waste-due": {
    keys: ["wasteDuePartition"],
    write: (table) => writeWaste(table, beingDeleted, undefined),
    read: (table) => listDueWaste(table, { now: new Date(at(9_000_000)), limit: 10 }),
    value: [beingDeleted],
  },
  "waste-scan": {
    keys: ["wasteScanKey"],
    write: (table) => noteScan(table, wasteFinding, wasteScan),
    read: (table) => readScan(table, wasteFinding),
    value: wasteScan,
  },
  "waste-settings": {
    keys: ["wasteSettingsKey"],
    write: (table) => setWasteSettings(table, accountId, wasteSettings),
    read: (table) => readWasteSettings(table, accountId),
    value: wasteSettings,
  },
  outbox: {
    keys: ["outboxKey", "outboxPartition"],
    write: (table) => tell(table, notice),
    read: async (table) => (await readOutbox(table, { limit: 9 })).values.map((one) => one.notice),
    value: [notice],
  },
  "outbox-of-member": {
    keys: ["outboxKey", "outboxPartition"],
    write: (table) => tell(table, memberNotice),
    read: async (table) => (await readOutbox(table, { limit: 9 })).values.map((one) => one.notice),
    value: [memberNotice],
  },
  notice: {
    keys: ["messageKey", "noticesPartition", "noticesDuePartition"],
    write: async (table) => {
      const { noticeId } = message;
      await addToMessage(table, noticeId, [{ key: "first", notice }]);
      await updateMessage(table, noticeId, () => message);
    },
    read: async (table) => {
      const [listed] = (await listMessages(table, { accountId, limit: 1 })).items;
      return { alone: await getMessage(table, message.noticeId), listed };
    },
    value: { alone: message, listed: message },
  },
  "notice-settings": {
    keys: ["noticeSettingsKey"],
    write: (table) => updateNoticeSettings(table, accountId, () => Promise.resolve(noticeSettings)),
    read: (table) => readNoticeSettings(table, accountId),
    value: noticeSettings,
  },
  "watched-ends": {
    keys: ["watchedEndsKey"],
    write: (table) => writeWatchedEnds(table, watchedEnds),
    read: (table) => readWatchedEnds(table),
    value: watchedEnds,
  },
  "unclaimed-reading": {
    keys: ["readingKey", "readingsPartition"],
    write: (table) => noteReading(table, { accountId, region, dueAt: at(60) }),
    read: (table) => listReadings(table),
    value: [{ accountId, region, dueAt: at(60) }],
  },
};

/** Exports of adapters/store/keys.ts that name no item: partitions of indexes and of items named above, names of claims, bounds. */
export const otherKeys: readonly string[] = [
  "accountsPartition",
  "afterAll",
  "approvalsOfFindingsPartition",
  "approvalsOfPartition",
  "approvalsPartition",
  "closedEvaluationsPartition",
  "duePartition",
  "evaluationPartition",
  "evaluationsOfPartition",
  "groupClaim",
  "instanceClaim",
  "isMarketBody",
  "marketPrefix",
  "modelsPartition",
  "nodeGroupClaim",
  "openEvaluationsPartition",
  "poolPartition",
  "requestPrefix",
  "targetPrefix",
  "targetsOfPartition",
  "targetsPartition",
];
