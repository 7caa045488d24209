{{- define "souvenir.name" -}}
{{- printf "%s-souvenir" .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end }}

{{- define "souvenir.selector" -}}
app.kubernetes.io/name: souvenir
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "souvenir.labels" -}}
{{ include "souvenir.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "souvenir.secret" -}}
{{- .Values.secret.existing | default (include "souvenir.name" .) -}}
{{- end }}

{{- define "souvenir.image" -}}
{{- $name := .process.image -}}
{{- with .root.Values.image.registry }}{{- $name = printf "%s/%s" (trimSuffix "/" .) $name }}{{- end -}}
{{- printf "%s:%s" $name .root.Values.image.tag -}}
{{- end }}

{{/* What every pod has: image, environment, security, volumes. Takes root, component, process, command, probes, port. */}}
{{- define "souvenir.pod" -}}
{{- $values := .root.Values -}}
metadata:
  labels:
    {{- include "souvenir.labels" . | nindent 4 }}
  annotations:
    checksum/config: {{ include (print .root.Template.BasePath "/config.yaml") .root | sha256sum }}
    {{- if not $values.secret.existing }}
    checksum/secret: {{ include (print .root.Template.BasePath "/secret.yaml") .root | sha256sum }}
    {{- end }}
    {{- with $values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: {{ .grace }}
  {{- with $values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    fsGroup: 10001
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: {{ .component }}
      image: {{ include "souvenir.image" . | quote }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      command: {{ toJson .command }}
      envFrom:
        - configMapRef: {name: {{ include "souvenir.name" .root }}}
        - secretRef: {name: {{ include "souvenir.secret" .root }}}
      {{- with .port }}
      ports:
        - {name: http, containerPort: {{ . }}}
      {{- end }}
      {{- toYaml .probes | nindent 6 }}
      resources:
        {{- toYaml .process.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      volumeMounts:
        - {name: tmp, mountPath: /tmp}
        - {name: data, mountPath: /data}
  volumes:
    - name: tmp
      emptyDir: {}
    - name: data
      {{- if $values.persistence.enabled }}
      persistentVolumeClaim:
        claimName: {{ $values.persistence.existingClaim | default (include "souvenir.name" .root) }}
      {{- else }}
      emptyDir: {}
      {{- end }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
