/** The control API: REST with IAM auth; the Hono app behind it validates every field. */
import { RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import {
  AccessLogFormat,
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
} from "aws-cdk-lib/aws-apigateway";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

/** For a team of operators and their pipelines; a flood is turned away before it costs a Lambda. */
const requestsPerSecond = 20;
const burst = 40;

export class ControlApi extends Construct {
  readonly api: RestApi;

  constructor(scope: Construct, id: string, props: { handler: IFunction; stage: string }) {
    super(scope, id);
    const accessLogs = new LogGroup(this, "AccessLogs", {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // No binaryMediaTypes: the function answers text alone (lambdas/api/gateway.ts), and takes text. No CORS: no browser calls it.
    this.api = new RestApi(this, "Api", {
      restApiName: `spot-optimizer-${props.stage}`,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      deployOptions: {
        stageName: "live",
        throttlingRateLimit: requestsPerSecond,
        throttlingBurstLimit: burst,
        tracingEnabled: true,
        metricsEnabled: true,
        loggingLevel: MethodLoggingLevel.INFO,
        // Bodies hold ExternalIds.
        dataTraceEnabled: false,
        accessLogDestination: new LogGroupLogDestination(accessLogs),
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
      },
      defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
    });
    const requestValidator = this.api.addRequestValidator("Validator", {
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    this.api.root
      .addResource("api")
      .addResource("v1")
      .addResource("{proxy+}")
      .addMethod("ANY", new LambdaIntegration(props.handler), {
        requestValidator,
        requestParameters: { "method.request.path.proxy": true },
      });
    this.acknowledge();
  }

  private acknowledge(): void {
    Validations.of(this.api).acknowledge(
      {
        id: "AwsSolutions::AwsSolutions-APIG3",
        reason:
          "Every method demands SigV4: unauthenticated requests end at API Gateway, and there is no browser surface for a WAF to guard.",
      },
      {
        id: "AwsSolutions::AwsSolutions-COG4",
        reason:
          "Callers are machines and operators with IAM identities; SigV4 authorises each call.",
      },
      {
        id: "AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]",
        reason:
          "API Gateway's account-wide log role takes exactly this managed policy; AWS documents no other.",
      },
    );
  }

  get url(): string {
    return `https://${this.api.restApiId}.execute-api.${Stack.of(this).region}.${Stack.of(this).urlSuffix}/live/api/v1`;
  }
}
