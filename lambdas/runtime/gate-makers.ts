/** Makes the clients with which groups and node groups are looked at. A file of its own: esbuild keeps an object that is spread in each bundle, with all that it names. */
import {
  cloudFormationClient,
  cloudWatchClient,
  eksClient,
  kubernetesClusters,
  lookMakers,
} from "./clients.ts";

/** Those of instances, and the API of their cluster. */
export const gateMakers = {
  ...lookMakers,
  cloudFormation: cloudFormationClient,
  cloudWatch: cloudWatchClient,
  eks: eksClient,
  kubernetes: kubernetesClusters,
} as const;
