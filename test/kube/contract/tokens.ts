/** Tokens of EKS and of nobody: which are accepted, and what a client sees of why not. */
import type { Minted } from "../../local/cloud/kubernetes/eks-tokens.ts";
import { tokenOf } from "../../local/cloud/kubernetes/eks-tokens.ts";
import { keyOf, tokenFor, unknownKey, unmappedKey, urlFor } from "../callers.ts";
import { shown } from "../shown.ts";
import type { Stage } from "../stage.ts";
import type { Case } from "./case.ts";

const minute = 60_000;
const key = "ASIASPOT";

const whoAmI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

interface Review {
  readonly status?: {
    readonly userInfo?: { readonly username?: string; readonly groups?: readonly string[] };
  };
}

const who = async (stage: Stage, token: string): Promise<unknown> => {
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const reply = await stage.ask(whoAmI, { method: "POST", token, body });
  if (reply.status !== 201) return shown(reply);
  const { status } = JSON.parse(reply.text) as Review;
  return {
    status: reply.status,
    user: status?.userInfo?.username,
    groups: status?.userInfo?.groups,
  };
};

/** Made when they are asked with, because they age. */
const minted: Readonly<Record<string, () => Minted>> = {
  fresh: () => ({}),
  "14 minutes old": () => ({ atMs: Date.now() - 14 * minute }),
  "of a clock 10 minutes behind": () => ({ atMs: Date.now() - 10 * minute }),
  "16 minutes old": () => ({ atMs: Date.now() - 16 * minute }),
  "of a clock 10 minutes ahead": () => ({ atMs: Date.now() + 10 * minute }),
  "of another cluster": () => ({ clusterName: "other" }),
  "whose cluster is not signed": () => ({ clusterName: undefined }),
  "of another host": () => ({ host: "sts.example.com" }),
  "of another path": () => ({ path: "/x" }),
  "of another action": () => ({ query: { Action: "AssumeRole" } }),
  "with a parameter more": () => ({ query: { Extra: "1" } }),
  "that lasts too long": () => ({ expiresIn: 901 }),
  "of another secret": () => ({ credentials: { ...keyOf(key), secretAccessKey: "guess" } }),
  "of another session": () => ({ credentials: { ...keyOf(key), sessionToken: "other" } }),
};

const accessReview = (stage: Stage, token: string) =>
  stage.ask("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    method: "POST",
    token,
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: { verb: "list", resource: "nodes" } },
    },
  });

export const tokenCases: readonly Case[] = [
  {
    name: "of EKS",
    run: async (stage) => {
      const result: Record<string, unknown> = {};
      for (const [name, mint] of Object.entries(minted)) {
        result[name] = await who(stage, await tokenFor(key, mint()));
      }
      const url = await urlFor(key);
      result["of an unknown key"] = await who(stage, await tokenFor(unknownKey));
      result["of a role that nothing maps"] = await who(stage, await tokenFor(unmappedKey));
      result["that is too long"] = await who(stage, `${tokenOf(url)}${"A".repeat(4096)}`);
      result["that is cut"] = await who(stage, tokenOf(url).slice(0, -10));
      result["that is not https"] = await who(stage, tokenOf(url.replace("https:", "http:")));
      result["with a parameter twice"] = await who(stage, tokenOf(`${url}&Version=2011-06-15`));
      return result;
    },
  },
  {
    name: "none, and one that nothing knows",
    run: async (stage) => {
      const token = "";
      return {
        who: await who(stage, token),
        "may I": shown(await accessReview(stage, token)),
        nodes: shown(await stage.ask("/api/v1/nodes", { token })),
        "a node": shown(await stage.ask(`/api/v1/nodes/${stage.node}`, { token })),
        readyz: shown(await stage.ask("/readyz", { token })),
        version: (await stage.ask("/version", { token })).status,
        apis: shown(await stage.ask("/apis", { token })),
        nonsense: shown(await stage.ask("/api/v1/nodes", { token: "nonsense" })),
      };
    },
  },
];
