/**
 * The client of one cluster's API, for one invocation: its token is not renewed. From the package the generated client alone is
 * loaded; the rest (kubeconfig files, watches, copying into pods) would double what a function reads at a cold start.
 */
import {
  AdmissionregistrationV1Api,
  AppsV1Api,
  AuthenticationV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  createConfiguration,
  PolicyV1Api,
  ServerConfiguration,
  StorageV1Api,
  type Configuration,
} from "@kubernetes/client-node/dist/gen/index.js";
import type { CustomerCredentials } from "../aws/sts.ts";
import { mintToken } from "./eks-token.ts";
import type { ClusterCaller } from "./next-step.ts";
import { translateKubernetesError, type KubernetesAbout } from "./translate-error.ts";
import type { ApiServer, KubernetesTransport } from "./transport.ts";

export interface KubernetesClient {
  readonly caller: ClusterCaller;
  readonly admission: AdmissionregistrationV1Api;
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly policy: PolicyV1Api;
  readonly storage: StorageV1Api;
  readonly authentication: AuthenticationV1Api;
  readonly authorization: AuthorizationV1Api;
}

interface ClusterToOpen extends ApiServer, Omit<ClusterCaller, "region"> {
  readonly now: Date;
}

/** Opens clusters of one region with one session. @throws BrokenClusterAccess */
export type OpenCluster = (cluster: ClusterToOpen) => Promise<KubernetesClient>;

const configurationOf = (
  server: ApiServer,
  token: string,
  transport: KubernetesTransport,
): Configuration =>
  createConfiguration({
    baseServer: new ServerConfiguration(server.endpoint, {}),
    httpApi: transport(server),
    authMethods: {
      default: {
        getName: () => "EKS",
        applySecurityAuthentication: (request) => {
          request.setHeaderParam("Authorization", `Bearer ${token}`);
        },
      },
    },
  });

export const clusterOpener =
  (transport: KubernetesTransport) =>
  (
    region: string,
    credentials: Pick<CustomerCredentials, "accessKeyId" | "secretAccessKey" | "sessionToken">,
  ): OpenCluster =>
  async ({ endpoint, authority, now, ...caller }) => {
    const { clusterName } = caller;
    const token = await mintToken({ clusterName, region, credentials, now });
    const configuration = configurationOf({ endpoint, authority }, token, transport);
    return {
      caller: { ...caller, region },
      admission: new AdmissionregistrationV1Api(configuration),
      core: new CoreV1Api(configuration),
      apps: new AppsV1Api(configuration),
      policy: new PolicyV1Api(configuration),
      storage: new StorageV1Api(configuration),
      authentication: new AuthenticationV1Api(configuration),
      authorization: new AuthorizationV1Api(configuration),
    };
  };

/** Runs one call. Throws SpotOptimizerError only. */
export const callKubernetes = async <Output>(
  { caller }: Pick<KubernetesClient, "caller">,
  about: KubernetesAbout,
  call: () => Promise<Output>,
): Promise<Output> => {
  try {
    return await call();
  } catch (error) {
    throw translateKubernetesError(error, caller, about);
  }
};
