/**
 * AWS Backup, as far as what it has backed up goes, and what its plans take: DescribeProtectedResource, ListProtectedResources, the lists of
 * plans and their selections, and set-up. Source: AWS Backup API reference.
 */
import type {
  BackupSelection,
  DescribeProtectedResourceInput,
  DescribeProtectedResourceOutput,
  GetBackupSelectionInput,
  GetBackupSelectionOutput,
  ListBackupPlansInput,
  ListBackupPlansOutput,
  ListBackupSelectionsInput,
  ListBackupSelectionsOutput,
  ListProtectedResourcesInput,
  ListProtectedResourcesOutput,
  ProtectedResource,
} from "@aws-sdk/client-backup";
import type { Clock } from "../clock.ts";
import { type Call, CloudError, type Handler, type ServiceModule } from "../contract.ts";

interface Protection {
  readonly accountId: string;
  readonly region: string;
  /** Of the instance, the volume … */
  readonly arn: string;
  /** Default: `Default`, as AWS Backup's first vault is called. */
  readonly vault?: string;
}

interface PlanDeclaration {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly selection: Omit<BackupSelection, "SelectionName" | "IamRoleArn">;
}

export interface BackupService extends ServiceModule {
  /** It was backed up an hour ago. */
  protect(resource: Protection): void;
  /** A plan with one selection, which has backed up nothing yet. */
  addPlan(plan: PlanDeclaration): void;
}

const hourMs = 3_600_000;
const largestPage = 1000;

type Known = Protection & { readonly atMs: number };

const view = ({ accountId, region, arn, vault = "Default", atMs }: Known): ProtectedResource => ({
  ResourceArn: arn,
  ResourceType: arn.includes(":volume/") ? "EBS" : "EC2",
  LastBackupTime: new Date(atMs),
  LastBackupVaultArn: `arn:aws:backup:${region}:${accountId}:backup-vault:${vault}`,
});

const isIn = (known: Known, call: Call): boolean =>
  known.accountId === call.caller.accountId && known.region === call.region;

type Plan = PlanDeclaration & { readonly id: string };

const isHere = (plan: Plan, call: Call): boolean =>
  plan.accountId === call.caller.accountId && plan.region === call.region;

/** Their lists fit into a page. */
const planOperations = (plans: readonly Plan[]) => {
  const planOf = (call: Call, id: string | undefined): Plan => {
    const found = plans.find((plan) => isHere(plan, call) && plan.id === id);
    if (found !== undefined) return found;
    throw new CloudError("ResourceNotFoundException", "Backup plan not found.", 400);
  };
  const listPlans: Handler<ListBackupPlansInput, ListBackupPlansOutput> = (call) => ({
    BackupPlansList: plans
      .filter((plan) => isHere(plan, call))
      .map(({ id, name }) => ({ BackupPlanId: id, BackupPlanName: name })),
  });
  const listSelections: Handler<ListBackupSelectionsInput, ListBackupSelectionsOutput> = (
    call,
    { BackupPlanId },
  ) => {
    const { id, name } = planOf(call, BackupPlanId);
    return {
      BackupSelectionsList: [{ BackupPlanId: id, SelectionId: `sel-${id}`, SelectionName: name }],
    };
  };
  const getSelection: Handler<GetBackupSelectionInput, GetBackupSelectionOutput> = (
    call,
    { BackupPlanId, SelectionId },
  ) => {
    const { id, name, accountId, selection } = planOf(call, BackupPlanId);
    const IamRoleArn = `arn:aws:iam::${accountId}:role/service-role/AWSBackupDefaultServiceRole`;
    return {
      BackupPlanId: id,
      SelectionId,
      BackupSelection: { SelectionName: name, IamRoleArn, ...selection },
    };
  };
  return {
    ListBackupPlans: listPlans,
    ListBackupSelections: listSelections,
    GetBackupSelection: getSelection,
  };
};

export const createBackup = ({ clock }: { readonly clock: Clock }): BackupService => {
  const known: Known[] = [];
  const plans: Plan[] = [];

  const describe: Handler<DescribeProtectedResourceInput, DescribeProtectedResourceOutput> = (
    call,
    input,
  ) => {
    const found = known.find((each) => isIn(each, call) && each.arn === input.ResourceArn);
    if (found === undefined) {
      throw new CloudError("ResourceNotFoundException", "Resource not found.", 400);
    }
    return view(found);
  };

  const list: Handler<ListProtectedResourcesInput, ListProtectedResourcesOutput> = (
    call,
    { NextToken: token = "0", MaxResults: size = largestPage },
  ) => {
    const all = known.filter((each) => isIn(each, call));
    const end = Number(token) + size;
    return {
      Results: all.slice(Number(token), end).map(view),
      ...(end < all.length && { NextToken: String(end) }),
    };
  };

  return {
    service: "backup",
    operations: {
      DescribeProtectedResource: describe,
      ListProtectedResources: list,
      ...planOperations(plans),
    },
    addPlan: (plan) => {
      plans.push({ ...plan, id: `plan-${String(plans.length + 1)}` });
    },
    protect: (resource) => {
      known.push({ ...resource, atMs: clock.now() - hourMs });
    },
  };
};
