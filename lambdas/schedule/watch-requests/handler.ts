import * as clients from "../../runtime/clients.ts";
import * as variables from "../../runtime/environment.ts";
import { lambdaContext } from "../../runtime/make-handler.ts";
import { randomId } from "../../runtime/random-id.ts";
import { runStep } from "../../runtime/step.ts";
import { watchRequestsStep } from "./step.ts";

const environment = variables.readEnvironment(variables.starterEnvironmentSchema);
const context = {
  ...lambdaContext<"ec2">(watchRequestsStep.name, (parts) =>
    clients.customerAccess(parts, { ec2: clients.ec2Client }),
  ),
  sfn: clients.workflowClient(environment.AWS_REGION),
  workflowOf: variables.workflowsOf(environment),
  randomId,
};

export const handler = (event: unknown): Promise<unknown> =>
  runStep(watchRequestsStep, context, event);
