/** A customer's EKS clusters, as kubectl finds them. */
import { createRoute } from "@hono/zod-openapi";
import { stringify } from "yaml";
import * as z from "../zod.ts";
import { readCluster, type EksCluster } from "../../../adapters/aws/eks.ts";
import { orAbsent } from "../../../adapters/aws/or-absent.ts";
import { ourGroup } from "../../../adapters/kubernetes/rights.ts";
import type { Account } from "../../../core/model/account.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { ApiProblem, invalid } from "../problem.ts";
import { accountIdField, problems, servedRegionField } from "../schemas/common.ts";
import { requireAccount } from "./accounts.ts";

const yamlMediaType = "application/yaml";

/** Source: EKS API, CreateCluster, `name`. */
const clusterNameField = z
  .string()
  .regex(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/, "must be the name of an EKS cluster")
  .meta({ description: "Name of the EKS cluster.", example: "shop" });

const kubeconfigRoute = createRoute({
  method: "get",
  path: "/accounts/{id}/clusters/{name}/kubeconfig",
  tags: ["accounts"],
  operationId: "getKubeconfig",
  summary: "Kubeconfig of a cluster, without a token",
  description:
    "Address and certificate authority as EKS gives them, and the AWS CLI as the plug-in that makes a token when kubectl asks for one: that of whoever runs it. kubectl then asks as a member of our group, so that it sees and may do what we do; the caller must be allowed to impersonate. The customer role itself nobody but our functions can assume. Made in memory, and written nowhere.",
  request: {
    params: z.strictObject({ id: accountIdField, name: clusterNameField }),
    query: z.strictObject({
      region: servedRegionField.exactOptional().meta({
        description: "Region of the cluster. Needed where the account has several.",
        example: "eu-central-1",
      }),
    }),
  },
  responses: {
    200: {
      description: "The kubeconfig.",
      content: {
        [yamlMediaType]: { schema: z.looseObject({}).meta({ description: "A kubeconfig." }) },
      },
    },
    ...problems(400, 404, 409, 422),
  },
});

const regionOf = (account: Account, asked: string | undefined): string => {
  const { accountId, regions } = account;
  if (asked !== undefined) {
    if (regions.some((region) => region === asked)) return asked;
    const message = `account ${accountId} is not connected in ${asked}`;
    throw invalid("parameter", [{ field: "region", message }]);
  }
  const [only, ...others] = regions;
  if (only !== undefined && others.length === 0) return only;
  const message = `is needed: account ${accountId} is connected in ${regions.join(", ")}`;
  throw invalid("parameter", [{ field: "region", message }]);
};

/**
 * Not with the role's own token: its trust asks for the ExternalId, which `aws eks get-token --role-arn` can't give. Sources: AWS CLI reference, `aws eks
 * get-token`; Kubernetes, client.authentication.k8s.io/v1, and "User impersonation".
 */
const kubeconfigOf = ({ facts, endpoint, authority }: EksCluster, region: string): string => {
  const { arn, name } = facts;
  const user = `${arn}/spot-optimizer`;
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: arn,
        cluster: {
          server: endpoint,
          "certificate-authority-data": Buffer.from(authority).toString("base64"),
        },
      },
    ],
    users: [
      {
        name: user,
        user: {
          as: ourGroup,
          "as-groups": [ourGroup],
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: "aws",
            args: [
              ...["eks", "get-token", "--region", region, "--cluster-name", name],
              ...["--output", "json"],
            ],
            interactiveMode: "Never",
          },
        },
      },
    ],
    contexts: [{ name: arn, context: { cluster: arn, user } }],
    "current-context": arn,
  });
};

const requireCluster = async (
  context: ApiContext,
  { account, region }: { readonly account: Account; readonly region: string },
  name: string,
): Promise<EksCluster> => {
  const { accountId, status } = account;
  if (status === "DISABLED") {
    throw new ApiProblem("conflict", `Account ${accountId} is DISABLED, and is not called.`);
  }
  const sessionName = `kubeconfig-${context.randomId()}`;
  const { eks } = await context.customer(account, region, sessionName);
  const cluster = await orAbsent(() => readCluster(eks, name));
  if (cluster !== undefined) return cluster;
  throw new ApiProblem(
    "not-found",
    `EKS shows no cluster ${name} in ${region} of account ${accountId}.`,
    { errors: [{ field: "name", message: "is not a cluster there" }] },
  );
};

export const addAccountClusterRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(kubeconfigRoute, async (request) => {
    const { id, name } = request.req.valid("param");
    const account = await requireAccount(context, id);
    const region = regionOf(account, request.req.valid("query").region);
    const cluster = await requireCluster(context, { account, region }, name);
    return request.body(kubeconfigOf(cluster, region), 200, {
      "content-type": yamlMediaType,
      "cache-control": "no-store",
    });
  });
};
