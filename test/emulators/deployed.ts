/**
 * The whole stack as `cdk deploy` makes it, on ministack: API Gateway, Lambda, Step Functions, DynamoDB and EventBridge are its own. What the
 * functions ask of the customer's account, EC2, STS, load balancing, prices and the rest, goes to the simulated cloud.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { functionRows } from "../../lambdas/access/functions.ts";
import type { Cloud } from "../../local/cloud/dispatch.ts";
import type { Ec2Settings } from "../../local/cloud/ec2/settings.ts";
import { createApiClient, type ApiClient } from "../../local/lab/api-client.ts";
import { smallMarket } from "../../local/lab/small-market.ts";
import { LiveClock } from "../../local/platform/live-clock.ts";
import { createPlatform, type Platform } from "../../local/platform/platform.ts";
import { serveCloud } from "../../local/wire/front/http.ts";
import { freePort, runToEnd, startService } from "./child.ts";
import { signedFetch } from "./signed-fetch.ts";
import { python } from "./tools.ts";

/** In real time: each state is there to be met, and no longer. */
const settings: Partial<Ec2Settings> = {
  bootMs: 500,
  checksMs: 1_500,
  stopMs: 300,
  imageBaseMs: 500,
  snapshotBaseMs: 300,
  snapshotPerGibMs: 10,
  replaceRootMs: 500,
  rebootMs: 300,
  volumeDetachMs: 200,
  volumeAttachMs: 200,
  interfaceDetachMs: 200,
  interfaceAttachMs: 200,
};

const stage = "emulated";
const region = "us-east-1";

/** By the SDK's names of services (SDK reference, service-specific endpoints). */
const simulatedServices = [
  "CLOUDWATCH",
  "EC2",
  "ELASTIC_LOAD_BALANCING",
  "ELASTIC_LOAD_BALANCING_V2",
  "KMS",
  "PRICING",
  "RESOURCE_GROUPS",
  "SSM",
  "STS",
] as const;

/** Waits of workflows take a twentieth of their time; nothing there waits for a real machine. */
const waitScale = "0.05";

export interface Deployed {
  readonly api: ApiClient;
  /** The simulated cloud, with the customer's account in it. */
  readonly platform: Platform;
  readonly clock: LiveClock;
  /** Of the state machine's executions, functions, and so on. */
  readonly endpoint: string;
  readonly workflowArn: string;
  /** For clients of ministack. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What ministack has written. */
  readonly log: () => string;
  /** Deploys the stack once more, with other variables. */
  readonly deploy: (variables?: Readonly<Record<string, string>>) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The functions' keys are ministack's, which the simulated cloud does not know: it takes them for a role that we created that customers trust. */
const asOurs = (cloud: Cloud): Cloud => {
  const { identities } = cloud;
  const { arn: roleArn } = identities.addRole({
    accountId: identities.ownAccountId,
    name: `spot-optimizer-${stage}`,
    path: `/spot-optimizer/${stage}/customer/`,
    trustedPrincipals: [],
    allow: Object.values(functionRows).flatMap(({ own }) => own),
  });
  const { accessKeyId } = identities.openSession({ roleArn, sessionName: stage });
  return {
    ...cloud,
    call: (request) => {
      const isKnown =
        request.accessKeyId !== undefined &&
        identities.principal(request.accessKeyId) !== undefined;
      return cloud.call(isKnown ? request : { ...request, accessKeyId });
    },
  };
};

const simulate = async () => {
  const clock = new LiveClock({
    beganMs: Date.now(),
    speed: 1,
    // The functions have the real time: what is done here may not look older to them than what they noted before.
    keepsUp: true,
    onError: (error) => {
      process.emitWarning(error instanceof Error ? error : new Error(String(error)));
    },
  });
  const platform = createPlatform({
    clock,
    seed: 1,
    market: smallMarket,
    throttle: false,
    settings,
    version: "0.0.0",
  });
  const served = await serveCloud(asOurs(platform.cloud), {
    feed: platform.feed,
    enter: (answer) => clock.enter(answer),
    // The functions sign with ministack's keys.
    checksSignatures: false,
  });
  await clock.goLive(Date.now());
  return { clock, platform, served };
};

const outputOf = (text: string, name: string): string => {
  const found = new RegExp(`\\.${name} = (\\S+)`).exec(text)?.[1];
  if (found === undefined) throw new Error(`The stack has no output ${name}:\n${text}`);
  return found;
};

/** @throws Error with what the CDK, or ministack, has written */
export const deployOnMinistack = async (): Promise<Deployed> => {
  const { clock, platform, served } = await simulate();
  const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-emulated-"));
  const port = await freePort();
  const { ownAccountId } = platform.cloud.identities;
  const endpoint = `http://127.0.0.1:${String(port)}`;
  // The functions inherit them.
  const endpoints = Object.fromEntries(
    simulatedServices.map((service) => [`AWS_ENDPOINT_URL_${service}`, served.url]),
  );
  const service = await startService(
    {
      command: python("python"),
      args: ["-m", "ministack"],
      variables: {
        ...endpoints,
        BIND_HOST: "127.0.0.1",
        GATEWAY_PORT: String(port),
        IOT_MTLS_ENABLED: "0",
        MINISTACK_ACCOUNT_ID: ownAccountId,
        MINISTACK_REGION: region,
        SFN_WAIT_SCALE: waitScale,
        TMPDIR: folder,
        // Its Node functions run under the first `node`, which is to be Lambda's.
        PATH: [resolve("node_modules/.bin"), process.env["PATH"] ?? ""].join(delimiter),
      },
    },
    { port, path: "/_ministack/health" },
  );
  const stop = async (): Promise<void> => {
    clock.stop();
    await service.stop();
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const cdk = async (args: readonly string[], variables: Readonly<Record<string, string>> = {}) => {
    const { code, output } = await runToEnd({
      command: resolve("node_modules/.bin/cdk"),
      args: [...args, "--output", join(folder, "cdk.out")],
      variables: {
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: ownAccountId,
        AWS_SECRET_ACCESS_KEY: "emulated",
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        STAGE: stage,
        ADVISOR_FEED_URL: `${served.url}${platform.feed.path}`,
        CI: "true",
        ...variables,
      },
    });
    if (code !== 0) throw new Error(`cdk ${args.join(" ")} failed:\n${output}`);
    return output;
  };
  try {
    await cdk(["bootstrap", `aws://${ownAccountId}/${region}`]);
    const deploy = (variables = {}): Promise<string> =>
      cdk(["deploy", "--require-approval", "never"], variables);
    const output = await deploy();
    const apiId = new URL(outputOf(output, "ApiUrl")).hostname.split(".")[0] ?? "";
    const base = `${endpoint}/restapis/${apiId}/live/_user_request_`;
    const credentials = { accessKeyId: ownAccountId, secretAccessKey: "emulated" };
    const api = createApiClient((request) => {
      const { pathname, search } = new URL(request.url);
      return signedFetch({ region, credentials }, new URL(`${base}${pathname}${search}`), request);
    });
    return {
      api,
      platform,
      clock,
      endpoint,
      workflowArn: outputOf(output, "LinearWorkflowArn"),
      credentials,
      log: service.output,
      deploy: async (variables) => {
        await deploy(variables);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw new Error(`The stack can't be deployed.\n${service.output()}`, { cause: error });
  }
};
