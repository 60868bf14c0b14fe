/** Webhooks and policies on evictions, and on deletions of pods, in one namespace: real ones there, their refusals here. */
import { createServer } from "node:https";
import * as z from "zod";
import type { ControlPlane } from "../../local/kube/control-plane.ts";
import type { Reply } from "../../local/kube/api.ts";
import { until } from "../../local/kube/setting-up.ts";
import { closing, listenOnLoopback } from "../../local/loopback/listening.ts";
import { readBody, send } from "../../local/wire/front/loopback.ts";
import {
  policyDenies,
  webhookDenies,
  webhookFails,
  type Denial,
} from "../local/cloud/kubernetes/admissions.ts";
import type { Stage } from "./stage.ts";

const apiVersion = "admissionregistration.k8s.io/v1";
const configurations = `/apis/${apiVersion}`;
const reviewSchema = z.object({ request: z.object({ uid: z.string() }) });

const evictions = {
  apiGroups: [""],
  apiVersions: ["v1"],
  operations: ["CREATE"],
  resources: ["pods/eviction"],
};

const deletions = { ...evictions, operations: ["DELETE"], resources: ["pods"] };

const dryRun = { dryRun: ["All"] };

const inNamespaceOf = ({ namespace }: Stage): object => ({
  matchLabels: { "kubernetes.io/metadata.name": namespace },
});

export type Remove = () => Promise<void>;

/** A server that says no to all, or a port at which nobody is. */
const serveDenials = async (
  { pki }: ControlPlane,
  denial: Denial | undefined,
): Promise<{ readonly url: string; readonly close: Remove }> => {
  const server = createServer({ cert: pki.serverCertificate, key: pki.serverKey });
  server.on("request", (request, response) => {
    void readBody(request).then((body) => {
      const { uid } = reviewSchema.parse(JSON.parse(body?.toString("utf8") ?? "")).request;
      const status = denial === undefined ? {} : { status: denial };
      const review = {
        apiVersion: "admission.k8s.io/v1",
        kind: "AdmissionReview",
        response: { uid, allowed: false, ...status },
      };
      const headers = { "content-type": "application/json" };
      send(response, { status: 200, headers, body: JSON.stringify(review) });
    });
  });
  const url = `https://127.0.0.1:${String(await listenOnLoopback(server))}`;
  return { url, close: closing(server) };
};

const addWebhook = async (stage: Stage, url: string, authority: string): Promise<string> => {
  const name = `${stage.namespace}.example.com`;
  await stage.must(`${configurations}/validatingwebhookconfigurations`, {
    method: "POST",
    body: {
      metadata: { name },
      webhooks: [
        {
          name,
          clientConfig: { url, caBundle: Buffer.from(authority).toString("base64") },
          rules: [evictions],
          namespaceSelector: inNamespaceOf(stage),
          failurePolicy: "Fail",
          sideEffects: "None",
          admissionReviewVersions: ["v1"],
        },
      ],
    },
  });
  return `${configurations}/validatingwebhookconfigurations/${name}`;
};

/** Asked of a pod, it no longer says yes: the server has learnt of it. */
const untilRefused = (stage: Stage, pod: string): Promise<void> =>
  until("admission refuses", async () => (await stage.evict(pod, { isDryRun: true })).status > 299);

const refuseHere = (
  stage: Stage,
  refusal: (pod: string) => Error,
  rule: typeof evictions = evictions,
): Remove => {
  const { control } = stage.side.cluster ?? {};
  if (control === undefined) throw new Error("This is the real side.");
  const release = control.admit(({ operation, resource, subresource, namespace, name }) => {
    const asked = subresource === "" ? resource : `${resource}/${subresource}`;
    const isMeant = rule.operations.includes(operation) && rule.resources.includes(asked);
    if (isMeant && namespace === stage.namespace) throw refusal(name);
  });
  return () => {
    release();
    return Promise.resolve();
  };
};

/** @param pod of the namespace, which is asked about until the webhook is known */
export const denyByWebhook = async (
  stage: Stage,
  pod: string,
  denial: Denial | undefined,
): Promise<Remove> => {
  const { plane } = stage.side;
  const name = `${stage.namespace}.example.com`;
  if (plane === undefined) return refuseHere(stage, () => webhookDenies(name, denial));
  const { url, close } = await serveDenials(plane, denial);
  const path = await addWebhook(stage, url, plane.pki.authority);
  await untilRefused(stage, pod);
  return async () => {
    await stage.must(path, { method: "DELETE" });
    await close();
  };
};

/** A webhook whose backend is gone. */
export const failByWebhook = async (stage: Stage, pod: string): Promise<Remove> => {
  const { plane } = stage.side;
  const name = `${stage.namespace}.example.com`;
  if (plane === undefined) {
    const why =
      'Post "https://127.0.0.1:1/?timeout=10s": dial tcp 127.0.0.1:1: connect: connection refused';
    return refuseHere(stage, () => webhookFails(name, why));
  }
  // Nobody may listen at port 1 without being asked to.
  const path = await addWebhook(stage, "https://127.0.0.1:1", plane.pki.authority);
  await untilRefused(stage, pod);
  return async () => {
    await stage.must(path, { method: "DELETE" });
  };
};

interface PolicyOn {
  readonly rule: typeof evictions;
  /** Until it is refused. */
  readonly probe: () => Promise<Reply>;
}

const denyBy = async (
  stage: Stage,
  message: string,
  { rule, probe }: PolicyOn,
): Promise<Remove> => {
  const name = stage.namespace;
  if (stage.side.plane === undefined) {
    const refusal = (each: string): Error =>
      policyDenies(each, { policy: name, binding: name }, message);
    return refuseHere(stage, refusal, rule);
  }
  await stage.must(`${configurations}/validatingadmissionpolicies`, {
    method: "POST",
    body: {
      metadata: { name },
      spec: {
        failurePolicy: "Fail",
        matchConstraints: { resourceRules: [rule] },
        validations: [{ expression: "false", message }],
      },
    },
  });
  await stage.must(`${configurations}/validatingadmissionpolicybindings`, {
    method: "POST",
    body: {
      metadata: { name },
      spec: {
        policyName: name,
        validationActions: ["Deny"],
        matchResources: { namespaceSelector: inNamespaceOf(stage) },
      },
    },
  });
  await until("the policy refuses", async () => (await probe()).status > 299);
  return async () => {
    const kinds = ["validatingadmissionpolicybindings", "validatingadmissionpolicies"];
    for (const kind of kinds)
      await stage.must(`${configurations}/${kind}/${name}`, { method: "DELETE" });
  };
};

/** @param pod as of a webhook */
export const denyByPolicy = (stage: Stage, pod: string, message: string): Promise<Remove> =>
  denyBy(stage, message, {
    rule: evictions,
    probe: () => stage.evict(pod, { isDryRun: true }),
  });

/** @param pod as of a webhook; it is deleted for show alone */
export const denyDeletionsByPolicy = (
  stage: Stage,
  message: string,
  pod: string,
): Promise<Remove> =>
  denyBy(stage, message, {
    rule: deletions,
    probe: () => stage.ask(stage.path(`pods/${pod}`), { method: "DELETE", body: dryRun }),
  });
