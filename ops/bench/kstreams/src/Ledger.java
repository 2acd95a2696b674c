import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.KeyValueStore;
import wharf.inventory.v1.AvailabilityChanged;
import wharf.inventory.v1.ReportStock;

/**
 * The ledger on Kafka Streams: groupByKey().aggregate() on a cached RocksDB store, exactly_once_v2; what it is told stands
 * in the environment. The cache makes it emit once per key and commit, as wharf's engine does per key and batch.
 */
public final class Ledger {
  private Ledger() {}

  /** A SKU's movements and units. */
  record Row(long version, long asOf, long quantity) {
    Row booked(ReportStock movement) {
      return new Row(version + 1, movement.getAsOf(), quantity + movement.getQuantity());
    }
  }

  /** Twenty-four bytes: as cheap as rows get. */
  static final Serde<Row> ROWS = Serdes.serdeFrom(
      (topic, row) -> row == null ? null
          : ByteBuffer.allocate(24).putLong(row.version).putLong(row.asOf).putLong(row.quantity).array(),
      (topic, data) -> {
        if (data == null) {
          return null;
        }
        ByteBuffer found = ByteBuffer.wrap(data);
        return new Row(found.getLong(), found.getLong(), found.getLong());
      });

  /** Avro's own codec over generated classes, behind the wire header. One per thread: this program has one. */
  static final class Wire<T extends SpecificRecordBase> implements Serializer<T>, Deserializer<T> {
    private final int id;
    private final SpecificDatumReader<T> reader;
    private final SpecificDatumWriter<T> writer;
    private final java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream(128);
    private BinaryDecoder decoder;
    private BinaryEncoder encoder;

    Wire(Schema schema, int id) {
      this.id = id;
      this.reader = new SpecificDatumReader<>(schema);
      this.writer = new SpecificDatumWriter<>(schema);
    }

    @Override
    public T deserialize(String topic, byte[] data) {
      if (data[0] != 0 || ByteBuffer.wrap(data, 1, 4).getInt() != id) {
        throw new IllegalStateException("another schema");
      }
      try {
        decoder = DecoderFactory.get().binaryDecoder(data, 5, data.length - 5, decoder);
        return reader.read(null, decoder);
      } catch (java.io.IOException trouble) {
        throw new java.io.UncheckedIOException(trouble);
      }
    }

    @Override
    public byte[] serialize(String topic, T record) {
      out.reset();
      out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
      try {
        encoder = EncoderFactory.get().directBinaryEncoder(out, encoder);
        writer.write(record, encoder);
        encoder.flush();
      } catch (java.io.IOException trouble) {
        throw new java.io.UncheckedIOException(trouble);
      }
      return out.toByteArray();
    }

    @Override
    public void configure(java.util.Map<String, ?> told, boolean isKey) {}

    @Override
    public void close() {}
  }

  static <T extends SpecificRecordBase> Serde<T> wire(Schema schema, String id) {
    Wire<T> made = new Wire<>(schema, Integer.parseInt(System.getenv(id)));
    return Serdes.serdeFrom(made, made);
  }

  static AvailabilityChanged availability(String key, Row row) {
    String sku = key.substring(key.indexOf('|') + 1);
    return new AvailabilityChanged(
        sku, row.version, row.asOf, "EA", 0, List.of(), List.of(), row.quantity, 0L, 0L, List.of(), "");
  }

  static Properties settings() {
    Properties told = new Properties();
    told.put(StreamsConfig.APPLICATION_ID_CONFIG, System.getenv("BENCH_GROUP"));
    told.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, System.getenv("BENCH_KAFKA"));
    told.put(StreamsConfig.STATE_DIR_CONFIG, System.getenv("BENCH_STATE"));
    told.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    told.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, System.getenv().getOrDefault("BENCH_COMMIT_MS", "100"));
    told.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, System.getenv().getOrDefault("BENCH_THREADS", "1"));
    told.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, String.valueOf(64 << 20));
    told.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return told;
  }

  public static void main(String[] arguments) throws InterruptedException {
    StreamsBuilder builder = new StreamsBuilder();
    KStream<String, ReportStock> movements = builder.stream(
        System.getenv("BENCH_INPUT"),
        Consumed.with(Serdes.String(), wire(ReportStock.getClassSchema(), "BENCH_EVENT_ID")));
    movements.groupByKey()
        .aggregate(
            () -> new Row(0, 0, 0),
            (key, movement, row) -> row.booked(movement),
            Materialized.<String, Row, KeyValueStore<Bytes, byte[]>>as("ledger")
                .withKeySerde(Serdes.String()).withValueSerde(ROWS).withCachingEnabled())
        .toStream()
        .mapValues(Ledger::availability)
        .to(System.getenv("BENCH_OUTPUT"),
            Produced.with(Serdes.String(), wire(AvailabilityChanged.getClassSchema(), "BENCH_ROW_ID")));
    KafkaStreams streams = new KafkaStreams(builder.build(), settings());
    streams.setUncaughtExceptionHandler(trouble -> {
      trouble.printStackTrace();
      return StreamThreadExceptionResponse.SHUTDOWN_APPLICATION;
    });
    CountDownLatch ended = new CountDownLatch(1);
    streams.setStateListener((now, before) -> {
      if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
        ended.countDown();
      }
    });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(10))));
    streams.start();
    ended.await();
  }
}
