/**
 * Every key of the state table, but for those of waste and the enforcer (governance-keys.ts). Each partition key begins with
 * the kind of what it holds, so that a role can be held to its kinds by `dynamodb:LeadingKeys`.
 *
 * | Item        | pk                    | sk                            | gsi1                 | gsi2                        |
 * |-------------|-----------------------|-------------------------------|----------------------|-----------------------------|
 * | account     | ACCOUNT#id            | RECORD                        | ACCOUNTS, created    |                             |
 * | EBS         | ACCOUNT#id            | EBS#region                    |                      |                             |
 * | find by tags | ACCOUNT#id           | FIND_BY_TAGS                  |                      |                             |
 * | call budget | ACCOUNT#id            | BUDGET#region#family          |                      |                             |
 * | standing    | ACCOUNT#id            | PLACE#region                  |                      |                             |
 * | verdicts    | JUDGED#account#region | TARGET#id                     |                      |                             |
 * | facts judged | JUDGED_ON#account#region | BODY#digest (+ parts)     |                      |                             |
 * | absence     | ABSENT#account#region | TARGET#id                     |                      |                             |
 * | ended run   | TARGET#id             | RUN#first                     |                      |                             |
 * | look        | LOOK#account#region   | TARGET#id                     |                      |                             |
 * | target      | TARGET#id             | RECORD                        | TARGETS, created     | TARGETS_OF#account, created |
 * | claim       | INSTANCE#id, GROUP#account#region#name, NODE_GROUP#account#region#cluster#name | CLAIM |  |  |
 * | raised max  | GROUP#account#region#name | RAISED_MAX                |                      |                             |
 * | evaluation  | EVALUATION#id         | RECORD                        | EVALUATIONS#OPEN or EVALUATIONS#CLOSED, started | EVALUATIONS_OF#target, started |
 * | progress    | EVALUATION#id         | RECORD#PROGRESS               |                      |                             |
 * | phase       | EVALUATION#id         | PHASE#name#round (ended)      |                      |                             |
 * | facts …     | EVALUATION#id         | FACTS, OFFERS (+ parts)       |                      |                             |
 * | kept launch | EVALUATION#id         | LAUNCH (+ parts)              |                      |                             |
 * | seen        | EVALUATION#id         | SEEN                          |                      |                             |
 * | swap        | EVALUATION#id         | SWAP#id                       |                      |                             |
 * | effect      | EVALUATION#id         | EFFECT#at#place               |                      |                             |
 * | intent      | EVALUATION#id         | INTENT#id                     |                      | DUE, due time               |
 * | commitment  | EVALUATION#id         | INTENT#                       |                      |                             |
 * | lease       | LEASE#resource        | LEASE                         |                      |                             |
 * | request     | REQUEST#key           | REQUEST                       |                      |                             |
 * | approval    | APPROVAL#id           | RECORD                        | APPROVALS, asked     | APPROVALS_OF#target or APPROVALS_OF#kind#account#region#subject, asked |
 * | approvals' settings | ACCOUNT#id    | APPROVALS                     |                      |                             |
 * | restore     | RESTORE               | RECORD                        |                      |                             |
 * | restored table | RESTORE            | TABLE                         |                      |                             |
 * | off-boarding | OFF_BOARDING        | account                       |                      |                             |
 * | void approvals | APPROVALS_VOID     | RECORD                        |                      |                             |
 * | policy setter | POLICY_SETTER#target | RECORD                       |                      |                             |
 * | kill switch | KILL_SWITCH#scope     | KILL_SWITCH                   |                      |                             |
 * | switching   | SWITCHING#account     | SWITCHING                     |                      |                             |
 * | unclaimed   | UNCLAIMED#account#region | THING#kind#id              | UNCLAIMED, listed    | UNCLAIMED_OF#account, listed |
 * | reading     | UNCLAIMED_READINGS    | account#region                |                      |                             |
 * | audit       | AUDIT                 | at#hash                       |                      |                             |
 * | deployment  | DEPLOYMENT            | RECORD                        |                      |                             |
 * | market      | MARKET#region#product | CURRENT, BODY#digest (+ parts) |                      |                             |
 * | model       | MODEL#version         | RECORD, FILE#digest (+ parts) | MODELS, created      |                             |
 * | preflight   | PREFLIGHT#id          | RECORD, PLACE#region, ROWS#region#page (+ parts) |   |                             |
 * | Spot Instance | SPOT#region         | account#instance              |                      |                             |
 * | told        | TOLD#account#region   | kind#at#instance or experiment |                      |                             |
 * | launch turn | TURN#account#region   | at#kind#evaluation            |                      |                             |
 * | shared reading | SHARED#account#region | HEALTHS                  |                      |                             |
 * | lead of readings | SHARED#account#region | LEAD                   |                      |                             |
 * | asked for   | SHARED#account#region | ASKED#at#instance           |                      |                             |
 * | watched     | WATCHED               | account#region                |                      |                             |
 * | pool loss   | POOL#region           | LOSS#at#pool#instance         |                      |                             |
 * | refusal     | POOL#region           | REFUSAL#at#pool#launch        |                      |                             |
 * | quarantine  | POOL#region           | QUARANTINE#zone#type#product  |                      |                             |
 * | pool cost   | POOL#region           | COST#account#zone#type#product |                     |                             |
 * | report      | POOL#region           | REPORT#LOSS#instance, REPORT#REFUSAL#launch |        |                             |
 */
import type { MarketReference, Pool } from "../../core/model/market.ts";
import type { Key } from "./table.ts";

type MarketName = Omit<MarketReference, "digest">;

interface InPlace {
  readonly accountId: string;
  readonly region: string;
}

export const accountsPartition = "ACCOUNTS";
export const targetsPartition = "TARGETS";
export const targetsOfPartition = (accountId: string): string => `TARGETS_OF#${accountId}`;
export const openEvaluationsPartition = "EVALUATIONS#OPEN";
export const closedEvaluationsPartition = "EVALUATIONS#CLOSED";
export const evaluationsOfPartition = (targetId: string): string => `EVALUATIONS_OF#${targetId}`;
export const duePartition = "DUE";
export const auditPartition = "AUDIT";
export const modelsPartition = "MODELS";
export const approvalsPartition = "APPROVALS";
export const approvalsOfPartition = (targetId: string): string => `APPROVALS_OF#${targetId}`;
/** What was asked in the course of time about the same findings of a place. */
export const approvalsOfFindingsPartition = (
  { accountId, region }: InPlace,
  { kind, subject }: { readonly kind: string; readonly subject: string },
): string => `APPROVALS_OF#${kind}#${accountId}#${region}#${subject}`;
export const poolPartition = (region: string): string => `POOL#${region}`;
/** The inventory of Spot: of all accounts, so that one query tells what stands in a pool. */
export const spotPartition = (region: string): string => `SPOT#${region}`;
export const spotPrefix = (accountId: string): string => `${accountId}#`;
export const evaluationPartition = (evaluationId: string): string => `EVALUATION#${evaluationId}`;

export const effectPrefix = "EFFECT#";
export const intentPrefix = "INTENT#";
/** Sorts right before the record, so that one query reads both, or leaves them out. */
export const phasePrefix = "PHASE#";
/** Sorts right behind the record, so that one query reads both. */
export const swapPrefix = "SWAP#";
export const lossPrefix = "LOSS#";
export const refusalPrefix = "REFUSAL#";
export const quarantinePrefix = "QUARANTINE#";
export const poolCostPrefix = "COST#";

/** Sorts after every continuation of the text before it: `2026-01-01T…Z` + this covers all ids of that instant. */
export const afterAll = "\u{10FFFF}";

export const accountKey = (accountId: string): Key => ({
  pk: `ACCOUNT#${accountId}`,
  sk: "RECORD",
});

/** Beside the account: what is noted there is no part of it, and code of an earlier release refuses an account with what it does not know. */
export const ebsStandingKey = (accountId: string, region: string): Key => ({
  pk: accountKey(accountId).pk,
  sk: `EBS#${region}`,
});

/** Beside the account, for the same reason. */
export const callBudgetPrefix = ({ region }: Pick<InPlace, "region">): string =>
  `BUDGET#${region}#`;

export const callBudgetKey = (place: InPlace, family: string): Key => ({
  pk: accountKey(place.accountId).pk,
  sk: `${callBudgetPrefix(place)}${family}`,
});

/** Beside the account, for the same reason. */
export const findByTagsKey = (accountId: string): Key => ({
  pk: accountKey(accountId).pk,
  sk: "FIND_BY_TAGS",
});

/** Beside the account, for the same reason. */
export const approvalSettingsKey = (accountId: string): Key => ({
  pk: accountKey(accountId).pk,
  sk: "APPROVALS",
});

export const placeStandingPrefix = "PLACE#";

/** Beside the account, for the same reason. */
export const placeStandingKey = ({ accountId, region }: InPlace): Key => ({
  pk: accountKey(accountId).pk,
  sk: `${placeStandingPrefix}${region}`,
});

/** The current run of verdicts of each target of a place. */
export const judgedPartition = ({ accountId, region }: InPlace): string =>
  `JUDGED#${accountId}#${region}`;

export const judgedKey = (place: InPlace, targetId: string): Key => ({
  pk: judgedPartition(place),
  sk: `${targetPrefix}${targetId}`,
});

/** What readings of a place have not shown of late: nothing stands there for a target that is shown. */
export const absentPartition = ({ accountId, region }: InPlace): string =>
  `ABSENT#${accountId}#${region}`;

export const absenceKey = (place: InPlace, targetId: string): Key => ({
  pk: absentPartition(place),
  sk: `${targetPrefix}${targetId}`,
});

/** What is remembered of targets of a place whose Spot Instances EC2 has taken. */
export const backoffPartition = ({ accountId, region }: InPlace): string =>
  `BACKOFF#${accountId}#${region}`;

export const backoffKey = (place: InPlace, targetId: string): Key => ({
  pk: backoffPartition(place),
  sk: `${targetPrefix}${targetId}`,
});

/** What verdicts rest on, and the first verdict of each run. */
export const judgedBodiesPartition = ({ accountId, region }: InPlace): string =>
  `JUDGED_ON#${accountId}#${region}`;

export const judgedBodyKey = (place: InPlace, digest: string): Key => ({
  pk: judgedBodiesPartition(place),
  sk: `BODY#${digest}`,
});

/** The last look at each instance of a place that was looked at alone. */
export const looksPartition = ({ accountId, region }: InPlace): string =>
  `LOOK#${accountId}#${region}`;

export const lookKey = (place: InPlace, targetId: string): Key => ({
  pk: looksPartition(place),
  sk: `${targetPrefix}${targetId}`,
});

export const targetPrefix = "TARGET#";

export const targetKey = (targetId: string): Key => ({
  pk: `${targetPrefix}${targetId}`,
  sk: "RECORD",
});

/** Apart from the target, for the same reason. */
export const policySetterKey = (targetId: string): Key => ({
  pk: `POLICY_SETTER#${targetId}`,
  sk: "RECORD",
});

export const endedRunPrefix = "RUN#";

export const endedRunKey = (targetId: string, firstAt: string): Key => ({
  pk: targetKey(targetId).pk,
  sk: `${endedRunPrefix}${firstAt}`,
});

export const spotInstanceKey = ({ accountId, region }: InPlace, instanceId: string): Key => ({
  pk: spotPartition(region),
  sk: `${spotPrefix(accountId)}${instanceId}`,
});

/** Names of what only one target may be registered for. */
export const instanceClaim = (instanceId: string): string => `INSTANCE#${instanceId}`;

export const groupClaim = (
  { accountId, region }: { readonly accountId: string; readonly region: string },
  asgName: string,
): string => `GROUP#${accountId}#${region}#${asgName}`;

export const nodeGroupClaim = (
  { accountId, region }: { readonly accountId: string; readonly region: string },
  { clusterName, nodeGroup }: { readonly clusterName: string; readonly nodeGroup: string },
): string => `NODE_GROUP#${accountId}#${region}#${clusterName}#${nodeGroup}`;

/** Beside the claim of the group: it stands whoever is registered for it. */
export const raisedMaxKey = ({
  asgName,
  ...place
}: {
  readonly accountId: string;
  readonly region: string;
  readonly asgName: string;
}): Key => ({ pk: groupClaim(place, asgName), sk: "RAISED_MAX" });

/** Holds which target it is registered for. */
export const claimKey = (name: string): Key => ({ pk: name, sk: "CLAIM" });

export const evaluationKey = (evaluationId: string): Key => ({
  pk: evaluationPartition(evaluationId),
  sk: "RECORD",
});

/** What each step may change of the record. */
export const progressKey = (evaluationId: string): Key => ({
  pk: evaluationPartition(evaluationId),
  sk: "RECORD#PROGRESS",
});

export const phaseKey = (evaluationId: string, name: string): Key => ({
  pk: evaluationPartition(evaluationId),
  sk: `${phasePrefix}${name}`,
});

export const factsKey = (evaluationId: string): Key => ({
  pk: evaluationPartition(evaluationId),
  sk: "FACTS",
});

export const offersKey = (evaluationId: string): Key => ({
  pk: evaluationPartition(evaluationId),
  sk: "OFFERS",
});

/** What its replacement was launched with: its successor's launch, once neither can be read any longer. */
export const keptLaunchKey = (evaluationId: string): Key => ({
  pk: evaluationPartition(evaluationId),
  sk: "LAUNCH",
});

export const intentKey = (evaluationId: string, intentId: string): Key => ({
  pk: evaluationPartition(evaluationId),
  sk: `${intentPrefix}${intentId}`,
});

/** Commits the intents that have no due time. No intent has an empty id. */
export const commitmentKey = (evaluationId: string): Key => intentKey(evaluationId, "");

export const swapKey = (evaluationId: string, swapId: string): Key => ({
  pk: evaluationPartition(evaluationId),
  sk: `${swapPrefix}${swapId}`,
});

/** What its steps saw in the course of time. Sorts between record and swaps, so that one query reads all three. */
export const courseKey = (evaluationId: string): Key => ({
  pk: evaluationPartition(evaluationId),
  sk: "SEEN",
});

export const leaseKey = (resource: string): Key => ({ pk: `LEASE#${resource}`, sk: "LEASE" });

export const requestPrefix = "REQUEST#";

export const requestKey = (key: string): Key => ({
  pk: `${requestPrefix}${key}`,
  sk: "REQUEST",
});

/** Holds when a loss or a refusal was reported first. */
export const reportKey = (region: string, prefix: string, what: string): Key => ({
  pk: poolPartition(region),
  sk: `REPORT#${prefix}${what}`,
});

/** Beside what the pool has taken and refused. */
export const poolQuarantineKey = ({ region, zoneId, instanceType, product }: Pool): Key => ({
  pk: poolPartition(region),
  sk: `${quarantinePrefix}${zoneId}#${instanceType}#${product}`,
});

export const poolCostsOfPrefix = (accountId: string): string => `${poolCostPrefix}${accountId}#`;

/** Beside the quarantine: what it costs the targets of one account. */
export const poolCostKey = ({
  accountId,
  pool: { region, zoneId, instanceType, product },
}: {
  readonly accountId: string;
  readonly pool: Pool;
}): Key => ({
  pk: poolPartition(region),
  sk: `${poolCostsOfPrefix(accountId)}${zoneId}#${instanceType}#${product}`,
});

/** What AWS has told of Spot there. */
export const toldPartition = ({ accountId, region }: InPlace): string =>
  `TOLD#${accountId}#${region}`;

export const spotEventKey = (
  place: InPlace,
  event: { readonly kind: string; readonly at: string; readonly subject: string },
): Key => ({ pk: toldPartition(place), sk: `${event.kind}#${event.at}#${event.subject}` });

/** Who waits to launch there, and who has. */
export const launchTurnsPartition = ({ accountId, region }: InPlace): string =>
  `TURN#${accountId}#${region}`;

export const launchTurnKey = (
  place: InPlace,
  turn: { readonly kind: string; readonly at: string; readonly evaluationId: string },
): Key => ({
  pk: launchTurnsPartition(place),
  sk: `${turn.at}#${turn.kind}#${turn.evaluationId}`,
});

/** What recoveries share there, while EC2 takes many instances at once. */
export const sharedReadingsPartition = ({ accountId, region }: InPlace): string =>
  `SHARED#${accountId}#${region}`;

export const sharedReadingKey = (place: InPlace): Key => ({
  pk: sharedReadingsPartition(place),
  sk: "HEALTHS",
});

export const readingLeadKey = (place: InPlace): Key => ({
  pk: sharedReadingsPartition(place),
  sk: "LEAD",
});

export const askedPrefix = "ASKED#";

export const askedKey = (
  place: InPlace,
  { at, instanceId }: { readonly at: string; readonly instanceId: string },
): Key => ({ pk: sharedReadingsPartition(place), sk: `${askedPrefix}${at}#${instanceId}` });

/** Of all accounts, so that one query tells what is watched. */
export const watchedPartition = "WATCHED";

export const watchedPlaceKey = ({ accountId, region }: InPlace): Key => ({
  pk: watchedPartition,
  sk: `${accountId}#${region}`,
});

export const killSwitchKey = (scope: string): Key => ({
  pk: `KILL_SWITCH#${scope}`,
  sk: "KILL_SWITCH",
});

export const approvalKey = (approvalId: string): Key => ({
  pk: `APPROVAL#${approvalId}`,
  sk: "RECORD",
});

/** Until when all approvals are void. */
export const approvalsVoidKey: Key = { pk: "APPROVALS_VOID", sk: "RECORD" };

/** One per table: the last point in time that it was restored to. */
export const restoreKey: Key = { pk: "RESTORE", sk: "RECORD" };

/** Which table has all its settings again. Beside the restore: releases before refuse a restore that says more. */
export const restoredTableKey: Key = { pk: "RESTORE", sk: "TABLE" };

/** All accounts that are on their way out. */
export const offBoardingPartition = "OFF_BOARDING";

export const offBoardingKey = (accountId: string): Key => ({
  pk: offBoardingPartition,
  sk: accountId,
});

export const switchingKey = (accountId: string): Key => ({
  pk: `SWITCHING#${accountId}`,
  sk: "SWITCHING",
});

export const unclaimedPartition = "UNCLAIMED";
export const unclaimedOfPartition = (accountId: string): string => `UNCLAIMED_OF#${accountId}`;
/** All readings, a place each. */
export const readingsPartition = "UNCLAIMED_READINGS";

/** What stands unclaimed in one account and region. */
export const placePartition = ({ accountId, region }: InPlace): string =>
  `UNCLAIMED#${accountId}#${region}`;

export const unclaimedKey = (
  place: InPlace,
  { kind, id }: { readonly kind: string; readonly id: string },
): Key => ({ pk: placePartition(place), sk: `THING#${kind}#${id}` });

/** Holds when a place was read last. */
export const readingKey = ({ accountId, region }: InPlace): Key => ({
  pk: readingsPartition,
  sk: `${accountId}#${region}`,
});

/** One per table. */
export const deploymentKey: Key = { pk: "DEPLOYMENT", sk: "RECORD" };

export const marketPrefix = "MARKET#";
const marketBodyPrefix = "BODY#";

const marketPartition = ({ region, product }: MarketName): string =>
  `${marketPrefix}${region}#${product}`;

/** Says which one was read last. */
export const currentMarketKey = (name: MarketName): Key => ({
  pk: marketPartition(name),
  sk: "CURRENT",
});

export const marketKey = (name: MarketName, digest: string): Key => ({
  pk: marketPartition(name),
  sk: `${marketBodyPrefix}${digest}`,
});

/** It stands under its digest: it never changes. */
export const isMarketBody = ({ pk, sk }: Key): boolean =>
  pk.startsWith(marketPrefix) && sk.startsWith(marketBodyPrefix);

const modelPartition = (version: string): string => `MODEL#${version}`;

export const modelKey = (version: string): Key => ({ pk: modelPartition(version), sk: "RECORD" });

/** By its digest: two registrations of one version at a time don't write over each other's file. */
export const modelFileKey = (version: string, digest: string): Key => ({
  pk: modelPartition(version),
  sk: `FILE#${digest}`,
});

export const preflightPartition = (preflightId: string): string => `PREFLIGHT#${preflightId}`;

export const preflightKey = (preflightId: string): Key => ({
  pk: preflightPartition(preflightId),
  sk: "RECORD",
});

export const preflightPlacePrefix = "PLACE#";

export const preflightPlaceKey = (preflightId: string, region: string): Key => ({
  pk: preflightPartition(preflightId),
  sk: `${preflightPlacePrefix}${region}`,
});

export const preflightRowsKey = (preflightId: string, region: string, page: number): Key => ({
  pk: preflightPartition(preflightId),
  sk: `ROWS#${region}#${String(page)}`,
});
