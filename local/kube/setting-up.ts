/** What is set up through the API, step by step, and waited for. */
import { hash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Api, Asked } from "./api.ts";

export const mergePatch = "application/merge-patch+json";

/** @throws Error for what is not a success */
export const must = async (api: Api, path: string, asked?: Asked): Promise<unknown> => {
  const { status, text } = await api.ask(path, asked);
  if (status >= 400) throw new Error(`${asked?.method ?? "GET"} ${path}: ${text}`);
  return JSON.parse(text);
};

/** @throws Error as `must` */
export const listItems = async <Item>(api: Api, path: string): Promise<readonly Item[]> =>
  ((await must(api, path)) as { readonly items: readonly Item[] }).items;

const patienceMs = 120_000;

/** @throws Error where it does not come true in time */
export const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  const giveUpMs = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > giveUpMs) throw new Error(`It did not come to pass: ${what}`);
    await delay(100);
  }
};

/** As EC2 would write one: `i-` and 17 hexadecimal digits. */
const instanceIdOf = (name: string): string => `i-${hash("sha256", name).slice(0, 17)}`;

/** Ready, with room, and without the taint of one that is new. */
export const addNode = async (api: Api, name: string): Promise<void> => {
  const path = `/api/v1/nodes/${name}`;
  const room = { cpu: "16", memory: "64Gi", pods: "150" };
  const conditions = [{ type: "Ready", status: "True", reason: "KubeletReady" }];
  const zone = "eu-west-1a";
  const labels = { "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone };
  const metadata = { name, labels };
  const spec = { providerID: `aws:///${zone}/${instanceIdOf(name)}` };
  await must(api, "/api/v1/nodes", { method: "POST", body: { metadata, spec } });
  const patch = (sub: string, body: unknown): Promise<unknown> =>
    must(api, `${path}${sub}`, { method: "PATCH", contentType: mergePatch, body });
  await patch("/status", { status: { conditions, capacity: room, allocatable: room } });
  await patch("", { spec: { taints: null } });
};
