import {
  autoScalingClient,
  classicElbClient,
  customerAccess,
  ec2Client,
  elbClient,
  kmsClient,
  pricingClient,
  serviceQuotasClient,
  ssmClient,
} from "../../runtime/clients.ts";
import { lambdaContext } from "../../runtime/make-handler.ts";
import { randomId } from "../../runtime/random-id.ts";
import { runStep } from "../../runtime/step.ts";
import { type preflightClients, preflightPlaceStep } from "./step.ts";

type ClientName = (typeof preflightClients)[number];

const context = {
  ...lambdaContext<ClientName>(preflightPlaceStep.name, (parts) => ({
    ...customerAccess(parts, {
      autoScaling: autoScalingClient,
      classicElb: classicElbClient,
      ec2: ec2Client,
      elb: elbClient,
      kms: kmsClient,
      serviceQuotas: serviceQuotasClient,
      ssm: ssmClient,
    }),
    marketEc2: ec2Client,
    pricing: pricingClient(),
  })),
  randomId,
};

export const handler = (event: unknown): Promise<unknown> =>
  runStep(preflightPlaceStep, context, event);
