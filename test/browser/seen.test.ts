/** What an evaluation saw: a group's capacity, and the budgets of a node's pods, in each state, width and scheme. */
import { describe, expect, it } from "@jest/globals";
import { evaluationSchema, type EvaluationJson } from "../../lambdas/api/schemas/evaluations.ts";
import { createGroupLab } from "../../local/lab/group-lab.ts";
import { createNodeLab } from "../../local/lab/node-lab.ts";
import { visit } from "./browser.ts";
import { describeHeld, withBrowser, type ShownState } from "./held.ts";
import { apiOf, json, never, problem, servePage, shared, type Api } from "./page-under-test.ts";

/** As the real API tells it. */
const recordOf = async (
  gateway: (request: Request) => Promise<Response>,
  evaluationId: string,
): Promise<EvaluationJson> => {
  const url = `http://localhost/api/v1/evaluations/${evaluationId}`;
  const response = await gateway(new Request(url));
  return evaluationSchema.parse(await response.json());
};

const convert = async (): Promise<EvaluationJson> => {
  const lab = await createGroupLab({ policy: { batch_size: 2 } });
  const { evaluation } = await lab.run();
  return recordOf(lab.account.platform.gateway, evaluation.evaluationId);
};

const replace = async (): Promise<EvaluationJson> => {
  const lab = await createNodeLab({});
  const { evaluationId } = await lab.run();
  return recordOf(lab.account.platform.gateway, evaluationId);
};

let group: Promise<EvaluationJson> | undefined;
const converted = (): Promise<EvaluationJson> => (group ??= convert());

let nodes: Promise<EvaluationJson> | undefined;
const replaced = (): Promise<EvaluationJson> => (nodes ??= replace());

/** Some minutes of it are without a member: one by an interruption, then one that we took. */
const short = (record: EvaluationJson): EvaluationJson => ({
  ...record,
  points_left_out: 3,
  capacity: record.capacity.map((point, index) =>
    index % 4 === 1 && point.serving !== undefined
      ? { ...point, serving: 2, serving_on_spot: 1, lacking_by_us: index % 8 === 1 ? 0 : 1 }
      : point,
  ),
});

const { ended_at: _ended, outcome: _outcome, ...nothing } = { ended_at: "", outcome: "" };

const underWay = ({ ended_at: _at, outcome: _how, ...record }: EvaluationJson): EvaluationJson => ({
  ...record,
  ...nothing,
  status: "RUNNING",
});

const longName =
  "payments-reconciliation-of-the-night/budget-of-the-service-that-reconciles-payments-blue-with-a-suffix";

/** Held by a budget that never allows one, and by one with a long name. */
const blocked = (record: EvaluationJson): EvaluationJson => {
  const [first] = record.budgets;
  if (first === undefined) throw new Error("The evaluation has followed no budget.");
  const later = new Date(Date.parse(first.at) + 90_000).toISOString();
  return {
    ...underWay(record),
    budgets: [
      ...record.budgets,
      { at: first.at, name: longName, allowed: 1, healthy: 3, needed: 2 },
      { at: later, name: longName, allowed: 0, healthy: 2, needed: 2 },
    ],
    budgets_left_out: 2,
    blockers: [
      {
        namespace: "payments-reconciliation-of-the-night",
        pod: "reconciler-of-payments-blue-6f7d9c8b5d-x2x7q",
        code: "BUDGET",
        budget: longName,
        sentence: `Budget ${longName} lets none go now (2 healthy, 2 wanted, minAvailable 2): run 3 pods of it, or set maxUnavailable to 1 instead`,
        since: later,
        is_lasting: true,
      },
      {
        namespace: "web",
        pod: "frontend-0",
        code: "TERMINATING",
        sentence: "web/frontend-0 ends within its grace of 30 s.",
        since: later,
      },
    ],
  };
};

const bare = (record: EvaluationJson): EvaluationJson => ({
  ...underWay(record),
  capacity: [],
  budgets: [],
  blockers: [],
});

const id = "evl-00000000000000000001";

const answering = (api: Api): Api => apiOf({ ...shared, [`/evaluations/${id}`]: api });

const of =
  (
    record: () => Promise<EvaluationJson>,
    change = (one: EvaluationJson) => one,
  ): ShownState["api"] =>
  async () =>
    answering(json(change(await record())));

const states: readonly Omit<ShownState, "path">[] = [
  { name: "a group, converted", api: of(converted), shows: ".chart svg" },
  { name: "a group, short of members", api: of(converted, short), shows: "text=Too few, by us" },
  {
    name: "a group, before the first look",
    api: of(converted, bare),
    shows: "text=No step has looked at the group’s capacity yet.",
  },
  { name: "nodes, replaced", api: of(replaced), shows: ".chart svg" },
  { name: "nodes, blocked, with long names", api: of(replaced, blocked), shows: ".chart svg" },
  {
    name: "nodes, before the first look",
    api: of(replaced, bare),
    shows: "text=No budget of a pod is followed yet.",
  },
  {
    name: "loading",
    api: () => answering(never),
    shows: "[aria-label=Loading]",
  },
  {
    name: "out of order",
    api: () => answering(problem(503, "The state table does not answer.")),
    shows: "text=The state table does not answer.",
  },
];

const browser = withBrowser();
const path = `/evaluations/${id}`;

describeHeld(
  "what an evaluation saw",
  states.map((state) => ({ ...state, path })),
  browser,
);

describe("a chart", () => {
  it("shows its figures where what draws can't be loaded", async () => {
    const server = await servePage(answering(json(await converted())));
    const { page, leave } = await visit(browser(), {
      url: server.url,
      path: "/fleet-is-elsewhere",
      look: { width: 1024, scheme: "light" },
    });
    await page.route(/plot.*\.js$/, (route) => route.abort());
    await page.goto(server.url + path);
    await page.locator("text=What draws the chart can’t be loaded.").waitFor();
    const rows = await page.locator(".chart-figures tbody tr").count();
    await leave();
    await server.close();
    expect(rows).toBeGreaterThan(3);
  });
});
