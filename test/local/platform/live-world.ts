/** What a user of `npm start` does: calls of the control API and of the simulated EC2, over HTTP. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVolumesCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { parse } from "yaml";
import * as z from "zod";
import type { AccessKey } from "../../../local/cloud/iam/identities.ts";
import {
  startLivePlatform,
  type LiveOptions,
  type LivePlatform,
} from "../../../local/platform/live-platform.ts";

export const labAccount = "444455556666";

/** Fast enough to wait for, and slow enough for leases of 15 simulated minutes on a busy machine. */
export const speed = 60;

export const temporaryFolder = (): { readonly folder: string; readonly remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-"));
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export const startIn = (folder: string, change: Partial<LiveOptions> = {}): Promise<LivePlatform> =>
  startLivePlatform({
    folder,
    port: 0,
    cloudPort: 0,
    kubePort: 0,
    seed: 1,
    speed,
    reset: false,
    version: "0.0.0",
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    ...change,
  });

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

let requests = 0;

export const send = async (
  apiUrl: string,
  request: { readonly method: string; readonly path: string; readonly body?: unknown },
): Promise<Answer> => {
  requests += 1;
  const answer = await fetch(`${apiUrl}/api/v1${request.path}`, {
    method: request.method,
    headers: {
      "content-type": "application/json",
      ...(request.method === "POST" ? { "idempotency-key": `live-${String(requests)}` } : {}),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const text = await answer.text();
  const body = text.startsWith("{") ? (JSON.parse(text) as Answer["body"]) : { text };
  return { status: answer.status, body };
};

export const ec2Of = (world: {
  readonly cloudUrl: string;
  readonly credentials: AccessKey;
}): EC2Client =>
  new EC2Client({
    region: "us-east-1",
    endpoint: world.cloudUrl,
    credentials: world.credentials,
    maxAttempts: 1,
  });

/** Ids of everything in the account, as its owner sees it. */
export const idsIn = async (ec2: EC2Client): Promise<readonly string[]> => {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));
  const { Volumes } = await ec2.send(new DescribeVolumesCommand({}));
  const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ["self"] }));
  const { Addresses } = await ec2.send(new DescribeAddressesCommand({}));
  const { NetworkInterfaces } = await ec2.send(new DescribeNetworkInterfacesCommand({}));
  return [
    ...(Reservations ?? [])
      .flatMap(({ Instances }) => Instances ?? [])
      .map((one) => one.InstanceId),
    ...(Volumes ?? []).map((one) => one.VolumeId),
    ...(Images ?? []).map((one) => one.ImageId),
    ...(Addresses ?? []).map((one) => `${one.AllocationId ?? ""} ${one.PublicIp ?? ""}`),
    ...(NetworkInterfaces ?? []).map(
      (one) => `${one.NetworkInterfaceId ?? ""} ${one.PrivateIpAddress ?? ""}`,
    ),
  ]
    .map((id) => id ?? "")
    .sort();
};

/** On a machine that is so busy that all takes thirty times as long. */
const giveUpAfterMs = 300_000;

/** Asks again and again until it is there. @throws Error after five minutes */
export const until = async <Found>(
  what: string,
  look: () => Promise<Found | undefined>,
): Promise<Found> => {
  const giveUpMs = Date.now() + giveUpAfterMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > giveUpMs) throw new Error(`There is still no ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

/** As kubectl does it: where the file says, trusting what it names, with its token. */
export const kubeRequest = (
  kubeconfigFile: string,
  asked: { readonly path: string; readonly patch?: object },
): Promise<{ readonly status: number | undefined; readonly body: string }> => {
  const { clusters, users } = kubeconfigSchema.parse(parse(readFileSync(kubeconfigFile, "utf8")));
  const [cluster, user] = [clusters[0].cluster, users[0].user];
  const options: RequestOptions = {
    method: asked.patch === undefined ? "GET" : "PATCH",
    ca: Buffer.from(cluster["certificate-authority-data"], "base64"),
    headers: {
      authorization: `Bearer ${user.token}`,
      "content-type": "application/merge-patch+json",
    },
    agent: false,
  };
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(`${cluster.server}${asked.path}`, options, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode, body });
      });
    });
    sent.once("error", reject);
    sent.end(asked.patch === undefined ? undefined : JSON.stringify(asked.patch));
  });
};

const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({
      cluster: z.object({ server: z.url(), "certificate-authority-data": z.base64() }),
    }),
  ]),
  users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]),
});
