import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  DiagLogLevel,
  defaultTextMapGetter,
  diag,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Stage } from '../platform/stage.ts';

/**
 * Sends a span of each request to an OpenTelemetry collector at `endpoint`, and returns a function that runs stages of
 * work as child spans. All other settings are the standard environment variables `OTEL_…`. Spans that have not been
 * sent when the service stops are sent then.
 */
export function traceRequests(app: FastifyInstance, endpoint: string): Stage {
  diag.setLogger(
    {
      error: (message, ...rest) => app.log.warn({ rest }, message),
      warn: (message, ...rest) => app.log.warn({ rest }, message),
      info: () => {},
      debug: () => {},
      verbose: () => {},
    },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'ngramd' }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })),
    ],
  });
  app.addHook('onClose', () =>
    provider.shutdown().catch((error) => app.log.warn(error, 'the last traces could not be sent')),
  );
  const tracer = provider.getTracer('ngramd');
  const propagator = new W3CTraceContextPropagator();
  const spans = new WeakMap<FastifyRequest, Span>();
  const active = new AsyncLocalStorage<Context>();

  app.addHook('onRequest', (request, reply, done) => {
    const { method, routeOptions, url, headers, id } = request;
    const route = routeOptions.url;
    const attributes = {
      'http.request.method': method,
      'url.path': url.split('?', 1)[0],
      'ngramd.request_id': id,
      ...(route === undefined ? {} : { 'http.route': route }),
    };
    const name = route === undefined ? method : `${method} ${route}`;
    const caller = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, caller);
    spans.set(request, span);
    reply.raw.on('close', () => {
      const { statusCode } = reply;
      if (reply.raw.writableFinished) span.setAttribute('http.response.status_code', statusCode);
      if (statusCode >= 500 || !reply.raw.writableFinished) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    done();
  });
  // Reading a body loses the context, so it is set directly before the handler.
  app.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request) as Span;
    active.run(trace.setSpan(ROOT_CONTEXT, span), done);
  });

  return async (name, work) => {
    const parent = active.getStore() ?? ROOT_CONTEXT;
    const span = tracer.startSpan(name, {}, parent);
    try {
      return await active.run(trace.setSpan(parent, span), work);
    } catch (error) {
      span.recordException(error as Error);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  };
}
