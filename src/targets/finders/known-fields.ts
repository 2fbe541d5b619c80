import { placeOf, type Resource } from '../../krm/resource.ts'
import { parseSelector, type SelectorStep, select } from '../field-selector.ts'
import { repositoryMatcher } from '../repository-matcher.ts'
import { type FieldTarget, scalarTargets } from '../scalar-target.ts'
import type { NewTargetFinder } from '../target-finder.ts'

/** A group, some of its kinds, and where they have an image. */
type Row = readonly [group: string, kinds: string, path: string]

/**
 * Where custom resources have images outside of pod templates, which are found without this table:
 * the fields of KEDA's ScaledJob, of a Service of Knative or of a Rollout of Argo need no line.
 */
const table: readonly Row[] = [
  // prometheus-operator/prometheus-operator, pkg/apis/monitoring/v1 and v1alpha1, *_types.go
  ['monitoring.coreos.com', 'Prometheus PrometheusAgent Alertmanager ThanosRuler', 'spec.image'],
  ['monitoring.coreos.com', 'Prometheus', 'spec.thanos.image'],
  // grafana/grafana-operator, api/v1beta1/grafana_types.go: a tag, or a whole image
  ['grafana.integreatly.org', 'Grafana', 'spec.version'],
  // strimzi/strimzi-kafka-operator, api/src/main/java/io/strimzi/api/kafka/model
  ['kafka.strimzi.io', 'Kafka', 'spec.kafka.image'],
  ['kafka.strimzi.io', 'Kafka', 'spec.zookeeper.image'],
  ['kafka.strimzi.io', 'Kafka', 'spec.entityOperator.topicOperator.image'],
  ['kafka.strimzi.io', 'Kafka', 'spec.entityOperator.userOperator.image'],
  ['kafka.strimzi.io', 'Kafka', 'spec.cruiseControl.image'],
  ['kafka.strimzi.io', 'Kafka', 'spec.kafkaExporter.image'],
  ['kafka.strimzi.io', 'KafkaConnect KafkaMirrorMaker2 KafkaBridge', 'spec.image'],
  // cloudnative-pg/cloudnative-pg, api/v1/{cluster,imagecatalog,clusterimagecatalog}_types.go
  ['postgresql.cnpg.io', 'Cluster', 'spec.imageName'],
  ['postgresql.cnpg.io', 'Cluster', 'spec.postgresql.extensions[*].image.reference'],
  ['postgresql.cnpg.io', 'ImageCatalog ClusterImageCatalog', 'spec.images[*].image'],
  ['postgresql.cnpg.io', 'ImageCatalog ClusterImageCatalog', 'spec.extraImages[*].image'],
  // zalando/postgres-operator, pkg/apis/acid.zalan.do/v1/postgresql_type.go
  ['acid.zalan.do', 'postgresql', 'spec.dockerImage'],
  // tektoncd/pipeline, pkg/apis/pipeline/v1/*_types.go
  ['tekton.dev', 'Task ClusterTask', 'spec.steps[*].image'],
  ['tekton.dev', 'Task ClusterTask', 'spec.sidecars[*].image'],
  ['tekton.dev', 'Task ClusterTask', 'spec.stepTemplate.image'],
  ['tekton.dev', 'StepAction', 'spec.image'],
  ['tekton.dev', 'TaskRun', 'spec.taskSpec.steps[*].image'],
  ['tekton.dev', 'TaskRun', 'spec.taskSpec.sidecars[*].image'],
  ['tekton.dev', 'Pipeline', 'spec.tasks[*].taskSpec.steps[*].image'],
  ['tekton.dev', 'Pipeline', 'spec.tasks[*].taskSpec.sidecars[*].image'],
  ['tekton.dev', 'Pipeline', 'spec.finally[*].taskSpec.steps[*].image'],
  ['tekton.dev', 'PipelineRun', 'spec.pipelineSpec.tasks[*].taskSpec.steps[*].image'],
  ['tekton.dev', 'PipelineRun', 'spec.pipelineSpec.tasks[*].taskSpec.sidecars[*].image'],
  ['tekton.dev', 'PipelineRun', 'spec.pipelineSpec.finally[*].taskSpec.steps[*].image'],
  // argoproj/argo-workflows, pkg/apis/workflow/v1alpha1/workflow_types.go
  ['argoproj.io', 'Workflow WorkflowTemplate', 'spec.templates[*].container.image'],
  ['argoproj.io', 'ClusterWorkflowTemplate', 'spec.templates[*].container.image'],
  ['argoproj.io', 'Workflow WorkflowTemplate', 'spec.templates[*].script.image'],
  ['argoproj.io', 'ClusterWorkflowTemplate', 'spec.templates[*].script.image'],
  ['argoproj.io', 'Workflow WorkflowTemplate', 'spec.templates[*].sidecars[*].image'],
  ['argoproj.io', 'ClusterWorkflowTemplate', 'spec.templates[*].sidecars[*].image'],
  ['argoproj.io', 'CronWorkflow', 'spec.workflowSpec.templates[*].container.image'],
  ['argoproj.io', 'CronWorkflow', 'spec.workflowSpec.templates[*].script.image'],
  ['argoproj.io', 'CronWorkflow', 'spec.workflowSpec.templates[*].sidecars[*].image'],
  // knative/operator, pkg/apis/operator/base/common.go
  ['operator.knative.dev', 'KnativeServing KnativeEventing', 'spec.registry.override[*]'],
  // crossplane/crossplane, cluster/crds/pkg.crossplane.io_{providers,configurations,functions}.yaml
  ['pkg.crossplane.io', 'Provider Configuration Function', 'spec.package'],
  // open-telemetry/opentelemetry-operator, apis/v1alpha1 and apis/v1beta1, *_types.go
  ['opentelemetry.io', 'OpenTelemetryCollector TargetAllocator OpAMPBridge', 'spec.image'],
  ['opentelemetry.io', 'OpenTelemetryCollector', 'spec.targetAllocator.image'],
  ['opentelemetry.io', 'Instrumentation', 'spec.java.image'],
  ['opentelemetry.io', 'Instrumentation', 'spec.nodejs.image'],
  ['opentelemetry.io', 'Instrumentation', 'spec.python.image'],
  ['opentelemetry.io', 'Instrumentation', 'spec.dotnet.image'],
  ['opentelemetry.io', 'Instrumentation', 'spec.go.image'],
  ['opentelemetry.io', 'Instrumentation', 'spec.apacheHttpd.image'],
  ['opentelemetry.io', 'Instrumentation', 'spec.nginx.image'],
  // rabbitmq/cluster-operator, api/v1beta1/rabbitmqcluster_types.go
  ['rabbitmq.com', 'RabbitmqCluster', 'spec.image'],
  // rook/rook, pkg/apis/ceph.rook.io/v1/types.go
  ['ceph.rook.io', 'CephCluster', 'spec.cephVersion.image'],
  // elastic/cloud-on-k8s, pkg/apis/elasticsearch/v1 and pkg/apis/kibana/v1
  ['elasticsearch.k8s.elastic.co', 'Elasticsearch', 'spec.image'],
  ['kibana.k8s.elastic.co', 'Kibana', 'spec.image'],
  // kubeflow/spark-operator, api/v1beta2/{sparkapplication,scheduledsparkapplication}_types.go
  ['sparkoperator.k8s.io', 'SparkApplication', 'spec.image'],
  ['sparkoperator.k8s.io', 'ScheduledSparkApplication', 'spec.template.image'],
]

/** Images of well-known custom resources whose repository is that of a policy without markers. */
export const knownFields: NewTargetFinder = search => {
  const { policies, config, problems } = search
  const isOn = config.targets.knownFields && policies.length > 0
  const matcher = repositoryMatcher(search)
  const fields: FieldTarget[] = []
  return {
    mentions: isOn ? matcher.mentions : [],
    look(resource, claims) {
      if (!isOn || claims.markedPolicies.size === policies.length) return
      const targetAt = scalarTargets(resource)
      const spend = (steps: number) => problems.work.spend(steps, placeOf(resource, ''))
      for (const steps of pathsOf(resource)) {
        const { tree, root } = resource.open()
        const found = problems.attempt(() => select(tree, root, steps, spend)) ?? []
        for (const selected of found) {
          const field = targetAt(selected, 'image')
          if (field !== undefined && matcher.mayGovern(field.current)) fields.push(field)
        }
      }
    },
    finish(claims) {
      const targets = fields.flatMap(field => {
        const { resource, path, current: spelled, offset, shared } = field
        if (!claims.claim(resource.document, offset, shared?.aliases)) return []
        const policy = matcher.policyOf({ resource, path, spelled }, claims)
        return policy === undefined ? [] : [{ ...field, policy }]
      })
      return { targets, ...matcher.found }
    },
  }
}

/** By group and kind; read when it is first needed. */
let known: ReadonlyMap<string, readonly (readonly SelectorStep[])[]> | undefined

function pathsOf({ id: { apiVersion, kind } }: Resource): readonly (readonly SelectorStep[])[] {
  known ??= readTable()
  return known.get(`${apiVersion.slice(0, apiVersion.indexOf('/'))}/${kind}`) ?? []
}

function readTable(): ReadonlyMap<string, readonly (readonly SelectorStep[])[]> {
  const paths = new Map<string, (readonly SelectorStep[])[]>()
  for (const [group, kinds, path] of table) {
    for (const kind of kinds.split(' ')) {
      const object = `${group}/${kind}`
      const others = paths.get(object) ?? []
      paths.set(object, [...others, parseSelector(path) ?? []])
    }
  }
  return paths
}
