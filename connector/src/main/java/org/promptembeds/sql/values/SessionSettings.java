package org.promptembeds.sql.values;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import org.promptembeds.options.SparkOptions;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** What the session is configured for. */
public final class SessionSettings {
  private SessionSettings() {}

  /**
   * The session's {@code spark.promptembeds} configuration: the session's own, for Spark analyses a
   * view under the few settings that were stored with it.
   */
  public static SparkOptions current() {
    Option<SparkSession> session = SparkSession.getActiveSession();
    return new SparkOptions(
        CollectionConverters.asJava(
            session.isDefined() ? session.get().conf().getAll() : SQLConf.get().getAllConfs()));
  }
}
