// Fields of k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1; table.ts tells how to read them. Schemas may hold either
// of two things in one field: those are told apart in protobuf.ts.

export const apiextensions = `
CustomResourceColumnDefinition name=1s type=2s format=3s description=4s priority=5i jsonPath=6s
CustomResourceConversion strategy=1s webhook=2*WebhookConversion
CustomResourceDefinition metadata=1meta.ObjectMeta spec=2CustomResourceDefinitionSpec status=3CustomResourceDefinitionStatus
CustomResourceDefinitionCondition type=1s status=2s lastTransitionTime=3Time reason=4s message=5s observedGeneration=6l
CustomResourceDefinitionNames plural=1s singular=2s shortNames=3[]s kind=4s listKind=5s categories=6[]s
CustomResourceDefinitionSpec group=1s names=3CustomResourceDefinitionNames scope=4s versions=7[]CustomResourceDefinitionVersion conversion=9*CustomResourceConversion preserveUnknownFields=10b
CustomResourceDefinitionStatus conditions=1[]CustomResourceDefinitionCondition#type acceptedNames=2CustomResourceDefinitionNames storedVersions=3[]s observedGeneration=4l
CustomResourceDefinitionVersion name=1s served=2*b storage=3*b schema=4*CustomResourceValidation subresources=5*CustomResourceSubresources additionalPrinterColumns=6[]CustomResourceColumnDefinition deprecated=7b deprecationWarning=8*s selectableFields=9[]SelectableField
CustomResourceSubresourceScale specReplicasPath=1s statusReplicasPath=2s labelSelectorPath=3*s
CustomResourceSubresourceStatus
CustomResourceSubresources status=1*CustomResourceSubresourceStatus scale=2*CustomResourceSubresourceScale
CustomResourceValidation openAPIV3Schema=1*JSONSchemaProps
ExternalDocumentation description=1s url=2s
JSONSchemaProps id=1s $schema=2s $ref=3*s description=4s type=5s format=6s title=7s default=8*Any maximum=9*f exclusiveMaximum=10b minimum=11*f exclusiveMinimum=12b maxLength=13*l minLength=14*l pattern=15s maxItems=16*l minItems=17*l uniqueItems=18b multipleOf=19*f enum=20[]Any maxProperties=21*l minProperties=22*l required=23[]s items=24*SchemaOrArray allOf=25[]JSONSchemaProps oneOf=26[]JSONSchemaProps anyOf=27[]JSONSchemaProps not=28*JSONSchemaProps properties=29{}JSONSchemaProps additionalProperties=30*SchemaOrBool patternProperties=31{}JSONSchemaProps dependencies=32{}Any additionalItems=33*SchemaOrBool definitions=34{}JSONSchemaProps externalDocs=35*ExternalDocumentation example=36*Any nullable=37b x-kubernetes-preserve-unknown-fields=38*b x-kubernetes-embedded-resource=39b x-kubernetes-int-or-string=40b x-kubernetes-list-map-keys=41[]s x-kubernetes-list-type=42*s x-kubernetes-map-type=43*s x-kubernetes-validations=44[]ValidationRule#rule
SelectableField jsonPath=1s
ServiceReference namespace=1s name=2s path=3*s port=4*i
ValidationRule rule=1s message=2s messageExpression=3s reason=4*s fieldPath=5s optionalOldSelf=6*b
WebhookClientConfig service=1*ServiceReference caBundle=2y url=3*s
WebhookConversion clientConfig=2*WebhookClientConfig conversionReviewVersions=3[]s
`
