/** The id of this deployment: made once per stack, kept in its table. It tells what is ours from what another deployment made. */
import type { DeploymentId } from "../../core/model/ids.ts";
import { deploymentKey } from "./keys.ts";
import type { Table } from "./table.ts";
import { untilWritten } from "./update-item.ts";

interface StoredDeployment {
  readonly deploymentId: DeploymentId;
}

/** Undefined where no evaluation was ever begun: then nothing was made. */
export const readDeploymentId = async (table: Table): Promise<DeploymentId | undefined> => {
  const item = await table.get(deploymentKey);
  return item === undefined ? undefined : (item.data as StoredDeployment).deploymentId;
};

/** The one that is kept, or the one given, which is kept from now on. @throws RetryableContention */
export const keepDeploymentId = (table: Table, created: DeploymentId): Promise<DeploymentId> =>
  untilWritten("the deployment's id", async () => {
    // It never changes once it is there: one that is not seen yet shows as a conflict, and is read consistently then.
    const seen = await table.get(deploymentKey, "EVENTUAL");
    if (seen !== undefined) return (seen.data as StoredDeployment).deploymentId;
    const data: StoredDeployment = { deploymentId: created };
    const { kind } = await table.put({ ...deploymentKey, version: 1, data }, { ifAbsent: true });
    return kind === "WRITTEN" ? created : readDeploymentId(table);
  });
