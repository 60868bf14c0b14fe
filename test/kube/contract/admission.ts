/** What webhooks and policies say to an eviction, the real one and the dry run, before any budget is asked; and the server's own limit. */
import { tooManyRequests } from "../../../local/cloud/kubernetes/refusals.ts";
import { createApi } from "../../../local/kube/api.ts";
import type { Reply } from "../../../local/kube/api.ts";
import type { Denial } from "../../local/cloud/kubernetes/admissions.ts";
import { denyByPolicy, denyByWebhook, failByWebhook } from "../admission.ts";
import { tokenFor } from "../callers.ts";
import { shown } from "../shown.ts";
import type { Stage } from "../stage.ts";
import { grant, listPods, untilGranted } from "./access.ts";
import type { Case } from "./case.ts";

const denials: readonly (readonly [name: string, denial: Denial | undefined])[] = [
  ["without a word", undefined],
  ["with a message", { message: "it is moved" }],
  ["with 429", { code: 429, message: "it is moved" }],
  ["with 500", { code: 500, message: "moved by the operator" }],
  ["with 503", { code: 503, message: "come again" }],
  ["with 403 and a reason", { code: 403, reason: "Forbidden", message: "not this one" }],
  [
    "in the words of two budgets",
    { code: 500, message: "This pod has more than one PodDisruptionBudget" },
  ],
];

const both = async (stage: Stage): Promise<Readonly<Record<string, unknown>>> => ({
  "dry run": shown(await stage.evict("some", { isDryRun: true })),
  real: shown(await stage.evict("some")),
});

const webhookCases = denials.map(([name, denial]): Case => ({
  name: `a webhook denies ${name}`,
  run: async (stage) => {
    await stage.addPod("some");
    const remove = await denyByWebhook(stage, "some", denial);
    try {
      return await both(stage);
    } finally {
      await remove();
    }
  },
}));

/** At least one of many at once meets the limit. */
const limited = async (stage: Stage, token: string): Promise<Reply | undefined> => {
  const { plane, cluster } = stage.side;
  if (cluster !== undefined) {
    const release = cluster.faults.before(() => {
      throw tooManyRequests();
    });
    const reply = await stage.ask("/api/v1/pods", { token });
    release();
    return reply;
  }
  const server = await plane?.startServer([
    "--enable-priority-and-fairness=false",
    "--max-requests-inflight=1",
    "--max-mutating-requests-inflight=1",
  ]);
  if (server === undefined) return undefined;
  const api = createApi({ ...server.access, token });
  try {
    const replies = await Promise.all(Array.from({ length: 200 }, () => api.ask("/api/v1/pods")));
    return replies.find(({ status }) => status === 429);
  } finally {
    api.close();
    await server.stop();
  }
};

export const admissionCases: readonly Case[] = [
  ...webhookCases,
  {
    name: "a webhook denies before the budget is asked",
    run: async (stage) => {
      await stage.addPod("some");
      await stage.addBudget({ maxUnavailable: 0 });
      await stage.settledBudget();
      const remove = await denyByWebhook(stage, "some", { code: 429, message: "it is moved" });
      try {
        return await both(stage);
      } finally {
        await remove();
      }
    },
  },
  {
    name: "a webhook's backend is gone",
    run: async (stage) => {
      await stage.addPod("some");
      const remove = await failByWebhook(stage, "some");
      try {
        return await both(stage);
      } finally {
        await remove();
      }
    },
  },
  {
    name: "a policy denies",
    run: async (stage) => {
      await stage.addPod("some");
      const remove = await denyByPolicy(stage, "some", "no evictions here");
      try {
        return await both(stage);
      } finally {
        await remove();
      }
    },
  },
  {
    name: "the server has too much to do",
    isAlone: true,
    run: async (stage) => {
      const key = "ASIABUSY";
      const token = await tokenFor(key);
      await grant(stage, key, [listPods]);
      await untilGranted(stage, token, listPods);
      const reply = await limited(stage, token);
      return { reply: reply && shown(reply) };
    },
  },
];
