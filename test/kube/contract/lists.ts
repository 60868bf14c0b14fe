/** Lists: selectors, pages, and pages that are too old. */
import type { Pod } from "../../../local/cloud/kubernetes/objects.ts";
import { shown } from "../shown.ts";
import type { Stage } from "../stage.ts";
import type { Case } from "./case.ts";

const queries: readonly string[] = [
  "labelSelector=app",
  "labelSelector=!app",
  "labelSelector=app in (a, b),app!=b",
  "labelSelector=app notin (a,b)",
  "labelSelector=app==e",
  "fieldSelector=metadata.name!=c",
  "fieldSelector=status.phase!=Running",
  "fieldSelector=status.phase=Pending",
  "fieldSelector=spec.hostname=a",
];

interface Page {
  readonly kind?: string;
  readonly metadata: {
    readonly continue?: string;
    readonly remainingItemCount?: number;
    readonly resourceVersion: string;
  };
  readonly items?: readonly Pod[];
}

/** Names, or why not. */
const found = async (stage: Stage, query: string): Promise<unknown> => {
  const reply = await stage.ask(`${stage.path("pods")}?${query}`);
  const { items } = JSON.parse(reply.text) as Page;
  return items === undefined ? shown(reply) : items.map(({ metadata }) => metadata.name).join("");
};

const withPods = (stage: Stage): Promise<unknown> =>
  Promise.all(
    ["a", "b", "c", "d", "e"].map((name) =>
      stage.addPod(name, { app: name, life: name === "e" ? "PENDING" : "RUNNING" }),
    ),
  );

const page = async (stage: Stage, query: string): Promise<Page> =>
  (await stage.must(`${stage.path("pods")}?${query}`)) as Page;

const shownPage = ({ kind, metadata, items = [] }: Page): object => ({
  kind,
  names: items.map((pod) => pod.metadata.name).join(""),
  hasMore: metadata.continue !== undefined && metadata.continue !== "",
  remaining: metadata.remainingItemCount,
});

export const listCases: readonly Case[] = [
  {
    name: "selectors",
    run: async (stage) => {
      await withPods(stage);
      const result: Record<string, unknown> = {};
      for (const query of queries) result[query] = await found(stage, query);
      result["by node"] = await found(stage, `fieldSelector=spec.nodeName=${stage.node}`);
      result["by another node"] = await found(stage, "fieldSelector=spec.nodeName=nobody");
      return result;
    },
  },
  {
    name: "pages show the objects as they were at the first",
    run: async (stage) => {
      await withPods(stage);
      const first = await page(stage, "limit=2");
      await stage.must(stage.path("pods/d"), { method: "DELETE", body: { gracePeriodSeconds: 0 } });
      await stage.addPod("f", { app: "f" });
      const second = await page(stage, `limit=2&continue=${first.metadata.continue ?? ""}`);
      const third = await page(stage, `limit=2&continue=${second.metadata.continue ?? ""}`);
      return {
        pages: [first, second, third].map(shownPage),
        isSameVersion: first.metadata.resourceVersion === third.metadata.resourceVersion,
        "at version 0": shownPage(await page(stage, "limit=2&resourceVersion=0")),
        "no limit": shownPage(await page(stage, "")),
      };
    },
  },
  {
    name: "a continue token that is not one, and a selector",
    run: async (stage) => {
      const pods = stage.path("pods");
      const token = shown(await stage.ask(`${pods}?continue=nothing`));
      const selector = shown(await stage.ask(`${pods}?labelSelector==`));
      return {
        // Both go on with what their parsers say.
        token: [token.status, token.reason, token.message?.split("not valid")[0]],
        selector: [selector.status, selector.reason],
      };
    },
  },
  {
    name: "a page of a version that is forgotten",
    isAlone: true,
    run: async (stage) => {
      await withPods(stage);
      await stage.side.compact();
      // The real server keeps the last minutes itself, whatever etcd has forgotten.
      const old = '{"v":"meta.k8s.io/v1","rv":1,"start":"a/b\\u0000"}';
      const next = Buffer.from(old).toString("base64url");
      const reply = await stage.ask(`${stage.path("pods")}?limit=2&continue=${next}`);
      return { reply: shown(reply) };
    },
  },
];
