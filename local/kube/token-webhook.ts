/**
 * What the control plane of EKS asks about a token: aws-iam-authenticator's rules as a webhook of the API server. Source: Kubernetes
 * documentation, "Webhook Token Authentication"; aws-iam-authenticator, `pkg/server`.
 */
import { createServer, type ServerResponse } from "node:http";
import * as z from "zod";
import { identityFromEks, type IdentitySource } from "../cloud/kubernetes/authentication.ts";
import type { Identity } from "../cloud/kubernetes/context.ts";
import { closing, listenOnLoopback } from "../loopback/listening.ts";
import { readBody, send } from "../wire/front/loopback.ts";

/** How the authenticator fares: it may be refused by STS, or get no answer from it. */
type WebhookState = "ANSWERS" | "THROTTLED" | "FAILS" | "HANGS";

export interface TokenWebhook {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Calls so far. */
  readonly calls: () => number;
  readonly turn: (state: WebhookState) => void;
  /** Again: nothing more happens. */
  readonly close: () => Promise<void>;
}

export interface WebhookOptions {
  readonly clusterName: string;
  readonly source: IdentitySource;
}

const apiVersion = "authentication.k8s.io/v1";
const reviewSchema = z.object({ spec: z.object({ token: z.string() }) });

const statusOf = (identity: Identity | undefined): object =>
  identity === undefined ? { authenticated: false } : { authenticated: true, user: identity };

const failures: Readonly<Partial<Record<WebhookState, number>>> = { THROTTLED: 429, FAILS: 500 };

const sendJson = (response: ServerResponse, status: number, body: object): void => {
  const headers = { "content-type": "application/json" };
  send(response, { status, headers, body: JSON.stringify(body) });
};

export const serveTokenWebhook = async ({
  clusterName,
  source,
}: WebhookOptions): Promise<TokenWebhook> => {
  let [state, calls]: [WebhookState, number] = ["ANSWERS", 0];
  const review = (text: string): object => {
    const { spec } = reviewSchema.parse(JSON.parse(text));
    const now = { clusterName, nowMs: Date.now() };
    const status = statusOf(identityFromEks(source, spec.token, now));
    return { apiVersion, kind: "TokenReview", status };
  };
  const server = createServer((request, response) => {
    calls += 1;
    const failure = failures[state];
    if (state === "HANGS") return;
    if (failure !== undefined) {
      sendJson(response, failure, {});
      return;
    }
    readBody(request).then(
      (body) => {
        sendJson(response, 200, review(body?.toString("utf8") ?? ""));
      },
      (error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      },
    );
  });
  const close = closing(server);
  let closed: Promise<void> | undefined;
  const port = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${String(port)}`,
    calls: () => calls,
    turn: (next) => {
      state = next;
    },
    close: () => (closed ??= close()),
  };
};
