/** Rules of what is remembered of pools, of their quarantine and of what it costs, each taken away. */
import type { Mutant } from "./mutant.ts";

const api = ["test/lambdas/api/risk-pools"];
const memory = ["test/lambdas/evaluation/herd-memory"];
const distinct = ["test/core/risk/distinct-losses"];
const givenUp = ["test/core/decide/fleet/given-up"];
const late = ["test/core/decide/fleet/late-losses"];
const swept = ["test/lambdas/schedule/sweep-place/late-losses"];
const meanwhile = ["test/workflows/linear/quarantine"];
const choice = ["test/core/decide/offers/choice.test"];

export const riskMutants: readonly Mutant[] = [
  {
    name: "what a LAB account loses counts for others",
    file: "core/risk/distinct-losses.ts",
    from: "(own !== undefined && accountId === own)",
    to: "(own !== undefined || accountId === own)",
    tests: distinct,
  },
  {
    name: "a loss of LAB takes the place of one of PROD a minute later",
    file: "core/risk/distinct-losses.ts",
    from: "oncePerTaking(losses.filter(countsFor(own)))",
    to: "oncePerTaking(losses).filter(countsFor(own))",
    tests: distinct,
  },
  {
    name: "a quarantine never ends by itself",
    file: "core/model/pool-quarantine.ts",
    from: "Date.parse(until) > now.getTime()",
    to: "Date.parse(until) > 0 * now.getTime()",
    tests: [...memory, ...api],
  },
  {
    name: "sweeps are told of no quarantine",
    file: "adapters/store/pools.ts",
    from: "      quarantined,\n",
    to: "      quarantined: quarantined.slice(0, 0),\n",
    tests: [...memory, "test/lambdas/schedule/sweep-place/quarantine"],
  },
  {
    name: "evaluations are told of no quarantine",
    file: "lambdas/evaluation/herd-memory.ts",
    from: ".map(asRemembered),",
    to: ".map(asRemembered).slice(0, 0),",
    tests: memory,
  },
  {
    name: "an older record without candidates is judged by the code of now",
    file: "core/decide/offers/choice/acceptable.ts",
    from: "question.judgementVersion < 6 ||",
    to: "question.judgementVersion < 0 ||",
    tests: choice,
  },
  {
    name: "who lifts nothing is told to lift it",
    file: "core/decide/offers/choice/acceptable.ts",
    from: "quarantined.some(({ pool }) => set.has(poolKey(pool)))",
    to: "quarantined.some(({ pool }) => !set.has(poolKey(pool)))",
    tests: choice,
  },
  {
    name: "the reason of a quarantine names whose instance was lost",
    file: "lambdas/api/schemas/risk-pools.ts",
    from: "!namesSomebody.test(reason)",
    to: "reason !== namesSomebody.source",
    tests: api,
  },
  {
    name: "a misspelled pool is in quarantine, and the one that was meant is not",
    file: "lambdas/api/routes/risk-pools.ts",
    from: "if (isOffered !== false) return;",
    to: "if (isOffered !== undefined || !isOffered) return;",
    tests: api,
  },
  {
    name: "who was cut off before the audit trail knew of his quarantine stands in it never, or twice",
    file: "lambdas/api/routes/risk-pools.ts",
    from: "at: quarantine.since,",
    to: "at: now.toISOString(),",
    tests: api,
  },
  {
    name: "targets in shadow mode give up what they would not save",
    file: "core/decide/fleet/given-up.ts",
    from: "!isShadowMode && keptOutOf",
    to: "isShadowMode !== undefined && keptOutOf",
    tests: givenUp,
  },
  {
    name: "what quarantine costs counts what is saved all the same",
    file: "core/decide/fleet/given-up.ts",
    from: "savedBy(free) - savedBy(held)",
    to: "savedBy(free) - 0 * savedBy(held)",
    tests: givenUp,
  },
  {
    name: "what the account's own price ended speaks against the pool",
    file: "core/decide/fleet/late-losses.ts",
    from: 'const isTaken = standing.kind === "ANNOUNCED" && standing.by === "POOL";',
    to: 'const isTaken = standing.kind === "ANNOUNCED" && standing.by !== "USER";',
    tests: late,
  },
  {
    name: "an experiment that no event told in time speaks against the pool",
    file: "core/decide/fleet/late-losses.ts",
    from: "isTaken && !isUnderExperiment(experiments, at)",
    to: "isTaken && (!isUnderExperiment(experiments, at) || isTaken)",
    tests: late,
  },
  {
    name: "a sweep alarms of a loss that its event has told",
    file: "core/decide/fleet/late-losses.ts",
    from: "isLate: !warned.has(row.instanceId)",
    to: "isLate: !warned.has(row.instanceId) || warned.size > 0",
    tests: [...late, ...swept],
  },
  {
    name: "a sweep holds what LAB lost against the pool",
    file: "lambdas/schedule/sweep-place/late-losses.ts",
    from: 'environment === "PROD" ? found : []',
    to: 'environment === "PROD" || found.length > 0 ? found : []',
    tests: swept,
  },
  {
    name: "what has gone is forgotten before anybody asks who took it",
    file: "lambdas/schedule/sweep-place/inventory.ts",
    from: "if (gone.length > 0) await rememberLate(context, { place, account, ec2, gone });",
    to: "if (gone.length > 0) await rememberLate(context, { place, account, ec2, gone }).catch(() => undefined);",
    tests: swept,
  },
  {
    name: "a loss that was taken back from its pool is remembered when it is told again",
    file: "adapters/store/pools.ts",
    from: "if (isWithdrawn === true) return;",
    to: "if (isWithdrawn === undefined && at === event.what) return;",
    tests: swept,
  },
  {
    name: "what was put in quarantine since the verdict is launched into",
    file: "lambdas/evaluation/launch-offer.ts",
    from: "isNew && order.purchase === undefined && order.isDown !== true",
    to: "isNew && order.purchase !== undefined && order.isDown !== true",
    tests: meanwhile,
  },
  {
    name: "a load that is down loses the capacity that is held for it to a quarantine",
    file: "lambdas/evaluation/launch-offer.ts",
    from: "isNew && order.purchase === undefined && order.isDown !== true",
    to: "isNew && order.purchase === undefined",
    tests: meanwhile,
  },
  {
    name: "an owner who cancels the request of what runs on is not noticed",
    file: "core/decide/fleet/losses.ts",
    from: 'code === "request-canceled-and-instance-running";',
    to: 'code === "request-canceled-and-instance-ended";',
    tests: ["test/workflows/linear/risk-days"],
  },
  {
    name: "a loss is taken back from its pool because somebody ended the instance within the notice",
    file: "core/decide/fleet/late-losses.ts",
    from: '  "PRICE",\n',
    to: '  "PRICE",\n  "USER",\n',
    tests: [...late, ...swept],
  },
  {
    name: "a storm is swept in the order of the accounts, LAB before PROD",
    file: "core/decide/fleet/due-places.ts",
    from: "(prod.has(accountId) ? 0 : 1)",
    to: "(prod.has(accountId) ? 0 : 0)",
    tests: ["test/core/decide/fleet/due-places"],
  },
];
