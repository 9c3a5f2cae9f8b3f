package org.promptembeds.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that try to reach Java, or to take all time, memory or stack, are refused. */
class HostileTemplatesTest {
  private static String render(String source) {
    return Template.parse(source)
        .render(Map.of("text", "abc", "list", List.of(1)), Clock.systemUTC());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ text.getClass().forName('java.lang.Runtime') }}",
        "{{ text.class.classLoader }}",
        "{{ ''['class']['name'] }}",
        "{{ list.getClass().getName() }}",
        "{{ list.stream() }}",
        "{{ text.__class__.__mro__[1].__subclasses__() }}",
        "{{ range.__globals__['os'] }}",
        "{{ (text|attr('__class__')).__mro__ }}",
        "{{ '{0.__class__}'.format(text) }}",
        "{{ namespace.__init__.__globals__ }}",
        "{% include '/etc/passwd' %}",
        "{% import 'x' as x %}",
        "{% extends 'x' %}",
        "{{ self._TemplateReference__context }}",
        "{{ lipsum.__globals__ }}",
        "{{ messages.append(1) }}"
      })
  void cannotReachJavaOrTheSystem(String source) {
    assertThatThrownBy(() -> render(source)).isInstanceOf(JinjaException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) if range(99999)|sum < 0 %}{% endfor %}",
        "{{ 'a' * 999999999999 }}",
        "{{ [0] * 999999999 }}",
        "{{ (1, 2) * 99999999999 }}",
        "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s|tojson }}",
        "{% set a = namespace(s=[1]) %}{% set b = namespace(s=[1]) %}{% for i in range(99) %}"
            + "{% set a.s = [a.s, a.s] %}{% set b.s = [b.s, b.s] %}{% endfor %}{{ a.s == b.s }}",
        "{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s.replace('a', ns.s) %}{% endfor %}",
        "{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s|replace('', ns.s) %}{% endfor %}",
        "{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s.join([ns.s, ns.s]) %}{% endfor %}",
        "{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}",
        "{{ 'a'.ljust(999999999) }}",
        "{{ 'a'.zfill(999999999) }}",
        "{{ 'a'|center(999999999) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '%.999999999f' % 1.0 }}",
        "{{ [[1]]|tojson(indent=999999999) if false else 'a' * 99999999 }}",
        "{{ range(999999999)|list }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(x) %}{% call f(x) %}{{ caller() }}{% endcall %}{% endmacro %}{{ f(1) }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{{ range(99999)|map('string')|map('center', 9999)|list|length }}",
        "{{ range(99999)|list|unique|list }}",
        "{% for i in range(99999) %}{{ range(99999)|join }}{% endfor %}",
        "{% for i in range(99999) %}{% set x = range(99999)|list|reverse|list %}{% endfor %}",
        "{% for i in range(99999) %}{% set x = 99999 in range(99999) %}{% endfor %}",
        "{% for i in range(99999) %}{% set x = 'x'.split() in range(99999)|sort %}{% endfor %}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 10 ** 999999999999 }}"
      })
  void cannotTakeAllTimeOrMemory(String source) {
    assertThatThrownBy(() -> render(source))
        .isInstanceOf(JinjaException.class)
        .satisfies(e -> assertThat(((JinjaException) e).line()).isPositive());
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "{'a':", "-", "not ", "1 if ", "1 if 1 else ", "f(", "a["})
  void cannotExhaustTheStackOfTheParser(String opening) {
    assertThatThrownBy(() -> render("{{ " + opening.repeat(100_000)))
        .isInstanceOf(JinjaException.class);
  }

  @Test
  void nestedBlocksAreBounded() {
    assertThatThrownBy(() -> render("{% if 1 %}".repeat(100_000)))
        .isInstanceOf(JinjaException.class)
        .hasMessageContaining("levels inside one another");
  }

  @ParameterizedTest
  @ValueSource(strings = {" + 1", " ~ 1", " and 1", " or 0", " < 1", " * 1", " ** 1"})
  void longChainsOfOperatorsAreFlat(String link) {
    assertThat(render("{% set x = 1" + link.repeat(20_000) + " %}ok")).isEqualTo("ok");
  }

  @ParameterizedTest
  @ValueSource(strings = {".a", "[0]", "|string", "()", " is defined"})
  void longChainsOfLookupsAreBounded(String link) {
    assertThatThrownBy(() -> render("{{ text" + link.repeat(20_000) + " }}"))
        .isInstanceOf(JinjaException.class);
  }

  @Test
  void longTextAndLiteralsDoNotDeepenTheStack() {
    String text = "x\\n'".repeat(200_000);

    assertThat(render("{{ \"" + text + "\"|length }}")).isEqualTo("600000");
    assertThat(render("{# " + text + " #}{% raw %}" + text + "{% endraw %}")).isEqualTo(text);
  }

  @Test
  void objectsOfTheProgramDoNotComeIn() {
    Map<String, Object> variables = new HashMap<>();
    variables.put("x", Runtime.getRuntime());

    assertThatThrownBy(() -> Template.parse("{{ x }}").render(variables, Clock.systemUTC()))
        .isInstanceOf(JinjaException.class)
        .hasMessageContaining("java.lang.Runtime");
  }

  @Test
  void refusalsOfTheTemplateAreToldFromFailures() {
    assertThatThrownBy(() -> render("a\n{{ raise_exception('roles must alternate') }}"))
        .isInstanceOf(RaisedException.class)
        .hasMessage("line 2: roles must alternate");
  }
}
