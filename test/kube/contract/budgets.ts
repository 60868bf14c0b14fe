/** What a budget allows: counted by owners, rounded up, by each kind of selector. */
import type { Pdb } from "../../../local/cloud/kubernetes/objects.ts";
import { shownBudget } from "../shown.ts";
import type { Case } from "./case.ts";

const counted: readonly (readonly [spec: Pdb["spec"], replicas: number])[] = [
  [{ minAvailable: 2 }, 3],
  [{ minAvailable: "50%" }, 1],
  [{ minAvailable: "67%" }, 2],
  [{ minAvailable: "91%" }, 10],
  [{ minAvailable: "100%" }, 2],
  [{ minAvailable: 5 }, 2],
  [{ minAvailable: 0 }, 2],
  [{ maxUnavailable: "1%" }, 3],
  [{ maxUnavailable: "30%" }, 1],
  [{ maxUnavailable: "25%" }, 11],
  [{ maxUnavailable: 0 }, 2],
  [{ maxUnavailable: "0%" }, 2],
  [{ maxUnavailable: 1 }, 1],
];

export const budgetCases: readonly Case[] = [
  {
    name: "what budgets allow",
    run: async (stage) => {
      const sizes = [...new Set(counted.map(([, replicas]) => replicas))];
      for (const size of sizes) {
        await stage.deploy({ app: `of-${String(size)}`, replicas: size });
      }
      const result: Record<string, unknown> = {};
      for (const [index, [spec, replicas]] of counted.entries()) {
        const name = `budget-${String(index)}`;
        const app = `of-${String(replicas)}`;
        await stage.addBudget({ ...spec, selector: { matchLabels: { app } } }, name);
        const label = `${JSON.stringify(spec)} of ${String(replicas)}`;
        result[label] = shownBudget(await stage.settledBudget(name));
      }
      return result;
    },
  },
  {
    name: "selectors",
    run: async (stage) => {
      await stage.deploy({ app: "web", replicas: 2 });
      await stage.deploy({ app: "db" });
      const expressions = (operator: string, ...values: readonly string[]) => ({
        matchExpressions: [{ key: "app", operator, ...(values.length > 0 && { values }) }],
      });
      const selectors = {
        empty: {},
        "in-list": expressions("In", "db", "other"),
        "not-in": expressions("NotIn", "db"),
        exists: expressions("Exists"),
        absent: expressions("DoesNotExist"),
      };
      const result: Record<string, unknown> = {};
      for (const [name, selector] of Object.entries(selectors)) {
        await stage.addBudget({ minAvailable: 1, selector }, name);
        result[name] = shownBudget(await stage.settledBudget(name));
      }
      await stage.must(stage.path("poddisruptionbudgets", "policy"), {
        method: "POST",
        body: { metadata: { name: "none" }, spec: { minAvailable: 1 } },
      });
      result["no selector"] = shownBudget(await stage.settledBudget("none"));
      return result;
    },
  },
  {
    name: "a Deployment's and a StatefulSet's replicas are counted",
    run: async (stage) => {
      const template = (app: string) => ({
        metadata: { labels: { app } },
        spec: { nodeName: stage.node, containers: [{ name: "main", image: "example.com/none" }] },
      });
      const result: Record<string, unknown> = {};
      for (const [plural, app] of [
        ["deployments", "web"],
        ["statefulsets", "db"],
      ] as const) {
        const selector = { matchLabels: { app } };
        await stage.must(stage.path(plural, "apps"), {
          method: "POST",
          body: {
            metadata: { name: app },
            spec: { replicas: 3, serviceName: app, selector, template: template(app) },
          },
        });
        await stage.podsOf(app, 3, "RUNNING");
        await stage.addBudget({ maxUnavailable: "34%", selector }, app);
        result[plural] = shownBudget(await stage.settledBudget(app));
      }
      return result;
    },
  },
];
