import * as clients from "../../runtime/clients.ts";
import { janitorEnvironmentSchema, readEnvironment } from "../../runtime/environment.ts";
import { lambdaContext } from "../../runtime/make-handler.ts";
import { runStep } from "../../runtime/step.ts";
import { janitorStep } from "./step.ts";

type JanitorClient =
  "autoScaling" | "classicElb" | "cloudWatch" | "ec2" | "elb" | "resourceGroups" | "ssm";

const environment = readEnvironment(janitorEnvironmentSchema);
const context = {
  ...lambdaContext<JanitorClient>(janitorStep.name, (parts) =>
    clients.customerAccess(parts, {
      autoScaling: clients.autoScalingClient,
      classicElb: clients.classicElbClient,
      cloudWatch: clients.cloudWatchClient,
      ec2: clients.ec2Client,
      elb: clients.elbClient,
      resourceGroups: clients.resourceGroupsClient,
      ssm: clients.ssmClient,
    }),
  ),
  lambda: clients.codeClient(environment.AWS_REGION),
  markRestorerArn: environment.RESTORE_MARKS_FUNCTION_ARN,
};

export const handler = (event: unknown): Promise<unknown> => runStep(janitorStep, context, event);
