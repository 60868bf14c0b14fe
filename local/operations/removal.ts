/** Reads, account by account, what would be known to nobody once the product is removed. */
import { dataOf, type Api, type Schemas } from "../cli/api/client.ts";
import { readPages } from "../cli/paging.ts";

/** Something in the way, or why that can't be known. */
export interface Obstacle {
  readonly accountId: string;
  /** Empty for what is of the account as a whole, as is the id. */
  readonly region: string;
  readonly what: string;
  readonly id: string;
  readonly sentence: string;
}

const all = { limit: 100, all: true } as const;

const unfinished = ["PENDING", "RUNNING", "NEEDS_OPERATOR"] as const;

const readEvaluations = async (api: Api): Promise<readonly Obstacle[]> => {
  const found = await Promise.all(
    unfinished.map((status) =>
      readPages(all, (page) =>
        dataOf(api.GET("/api/v1/evaluations", { params: { query: { status, ...page } } })),
      ),
    ),
  );
  return found
    .flatMap(({ items }) => items)
    .map(({ account_id: accountId, region, evaluation_id: id, status }) => ({
      accountId,
      region,
      what: "evaluation",
      id,
      sentence:
        status === "NEEDS_OPERATOR"
          ? "It needs a person: resume it, roll it back, or adopt what serves."
          : `It is ${status}: its execution would stand still without its functions.`,
    }));
};

type Plan = Schemas["OffBoardingPlan"];
type Row = Plan["decisions"][number] | Plan["deleted"][number];

const namesOfDecisions: Readonly<Record<string, string>> = {
  instance: "stopped original",
  image: "kept image",
  volume: "kept volume",
  snapshot: "kept snapshot",
};

const namesOfDeleted: Readonly<Record<string, string>> = {
  "capacity-reservation": "open reservation",
};

const obstacleOf =
  (accountId: string, what: (kind: string) => string) =>
  ({ region, kind, id, sentence }: Row): Obstacle => ({
    accountId,
    region,
    what: what(kind),
    id,
    sentence,
  });

/** As `DELETE /accounts/{id}?dry_run=true` lists it, which changes nothing. */
const obstaclesOfPlan = (plan: Plan): readonly Obstacle[] => {
  const { account_id: accountId, unread, stays, targets } = plan;
  const rows = [
    ...plan.decisions.map(obstacleOf(accountId, (kind) => namesOfDecisions[kind] ?? kind)),
    ...plan.deleted.map(obstacleOf(accountId, (kind) => namesOfDeleted[kind] ?? kind)),
    ...plan.restored.map(obstacleOf(accountId, (kind) => `changed ${kind}`)),
    ...plan.untouched.map(obstacleOf(accountId, (kind) => `unclaimed ${kind}`)),
  ];
  const notRead =
    unread === undefined
      ? []
      : [{ accountId, region: "", what: "not read", id: "", sentence: unread }];
  const left = `It has not left. Targets: ${String(targets.length)}; resources that serve, and carry our tags: ${String(stays.length)}.`;
  return [{ accountId, region: "", what: "account", id: "", sentence: left }, ...notRead, ...rows];
};

const readPlan = async (api: Api, id: string): Promise<Plan> => {
  const params = { path: { id }, query: { dry_run: "true" } } as const;
  const answer = await dataOf(api.DELETE("/api/v1/accounts/{id}", { params }));
  if ("decisions" in answer) return answer;
  throw new Error(`Account ${id} was not told as a plan.`);
};

type Finding = Schemas["WasteFinding"];

const readFindings = async (
  api: Api,
  accountId: string,
  status: Finding["status"],
): Promise<readonly Finding[]> => {
  const { items } = await readPages<Finding>(all, async (page) => {
    const query = { account_id: accountId, status, ...page };
    const answer = await dataOf(api.GET("/api/v1/waste", { params: { query } }));
    // A table comes only where it is asked for.
    if (typeof answer === "string") throw new Error("A table was not asked for.");
    return answer;
  });
  return items;
};

/** What can still come back, from a Recycle Bin or from a snapshot that was made before. */
const ofDeleted = (
  { account_id: accountId, region, resource_id: id, deletion }: Finding,
  now: Date,
): readonly Obstacle[] => {
  const isAhead = (until: string | undefined): boolean =>
    until !== undefined && Date.parse(until) > now.getTime();
  const { bin_exits_at: until, snapshot_id: copy, snapshot_until: copyUntil } = deletion ?? {};
  const named = { accountId, region, id };
  if (isAhead(until)) {
    const sentence = `It was deleted, and can come back until ${String(until)}.`;
    return [{ ...named, what: "in the bin", sentence }];
  }
  if (copy === undefined || !isAhead(copyUntil)) return [];
  const sentence = `Snapshot ${copy}, made before its deletion, is kept until ${String(copyUntil)}.`;
  return [{ ...named, what: "kept snapshot", sentence }];
};

/** What persons agreed to delete. */
const readDeletions = async (
  api: Api,
  accountId: string,
  now: Date,
): Promise<readonly Obstacle[]> => {
  const begun = await readFindings(api, accountId, "DELETING");
  const deleted = await readFindings(api, accountId, "DELETED");
  return [
    ...begun.map(({ region, resource_id: id }) => ({
      accountId,
      region,
      what: "deletion",
      id,
      sentence: "It was begun, and has not ended.",
    })),
    ...deleted.flatMap((finding) => ofDeleted(finding, now)),
  ];
};

const readAccount = async (
  api: Api,
  account: Schemas["Account"],
  now: Date,
): Promise<readonly Obstacle[]> => {
  const { account_id: accountId } = account;
  const params = { path: { id: accountId } };
  const { off_boarding: leaving } = await dataOf(api.GET("/api/v1/accounts/{id}", { params }));
  const waits = (leaving?.waits_for ?? []).map((sentence) => ({
    accountId,
    region: "",
    what: "off-boarding",
    id: "",
    sentence,
  }));
  return [
    ...obstaclesOfPlan(await readPlan(api, accountId)),
    ...waits,
    ...(await readDeletions(api, accountId, now)),
  ];
};

/** Changes nothing. Empty: the product may be removed. @throws Failure, what can't be read is never nothing */
export const readObstacles = async (api: Api, now: Date): Promise<readonly Obstacle[]> => {
  const { items: accounts } = await readPages(all, (page) =>
    dataOf(api.GET("/api/v1/accounts", { params: { query: page } })),
  );
  const obstacles = [...(await readEvaluations(api))];
  for (const account of accounts) obstacles.push(...(await readAccount(api, account, now)));
  return obstacles;
};
